using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using SecureShop.StandIns.IdentityServer.Extensions;
using SecureShop.StandIns.IdentityServer.Services;

namespace SecureShop.StandIns.IdentityServer.Sessions;

/// <summary>The session behind the host's cookie, read once a request.</summary>
internal sealed class UserSession(IHttpContextAccessor accessor, IAuthenticationHandlerProvider handlers, CookieScheme cookie) : IUserSession
{
    private bool _read;
    private ClaimsPrincipal? _user;
    private AuthenticationProperties? _properties;

    public async Task<ClaimsPrincipal?> GetUserAsync()
    {
        await ReadAsync();
        return _user;
    }

    public async Task<string?> GetSessionIdAsync()
    {
        await ReadAsync();
        return _properties?.GetSessionId();
    }

    public async Task<IEnumerable<string>> GetClientListAsync()
    {
        await ReadAsync();
        return _properties?.GetClients() ?? [];
    }

    public async Task AddClientIdAsync(string clientId)
    {
        await ReadAsync();
        if (_user is null || _properties is null || _properties.GetClients().Contains(clientId, StringComparer.Ordinal))
            return;
        _properties.SetClients([.. _properties.GetClients(), clientId]);
        await Context.SignInAsync(await cookie.GetNameAsync(), _user, _properties);
    }

    /// <summary>Names the session of a user who signs in. The same user goes on with his session; another never inherits one (session fixation).</summary>
    public async Task StartAsync(ClaimsPrincipal user, AuthenticationProperties properties)
    {
        await ReadAsync();
        if (properties.GetSessionId() is null)
        {
            if (_user?.GetSubjectId() == user.GetSubjectId() && _properties?.GetSessionId() is { } sid)
            {
                properties.SetSessionId(sid);
                properties.SetClients(_properties.GetClients());
            }
            else
            {
                properties.SetSessionId(Convert.ToHexString(RandomNumberGenerator.GetBytes(16)));
            }
        }

        (_read, _user, _properties) = (true, user, properties);
    }

    private HttpContext Context => accessor.HttpContext ?? throw new InvalidOperationException("There is no session outside a request.");

    private async Task ReadAsync()
    {
        if (_read)
            return;
        _read = true;
        var scheme = await cookie.GetNameAsync();
        var handler = await handlers.GetHandlerAsync(Context, scheme)
            ?? throw new InvalidOperationException($"The authentication scheme '{scheme}' is not registered.");
        var result = await handler.AuthenticateAsync();
        if (result is { Succeeded: true, Principal.Identity.IsAuthenticated: true })
            (_user, _properties) = (result.Principal, result.Properties);
    }
}
