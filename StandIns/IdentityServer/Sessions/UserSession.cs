using System.Security.Cryptography;
using Microsoft.AspNetCore.Authentication;

namespace SecureShop.StandIns.IdentityServer.Sessions;

/// <summary>The session behind the host's cookie, read once a request.</summary>
internal sealed class UserSession(IHttpContextAccessor accessor, IAuthenticationHandlerProvider handlers, IdentityServerOptions options)
{
    private const string SessionId = "session_id";
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
        return _properties?.GetString(SessionId);
    }

    /// <summary>Names the session of a user who signs in. The same user goes on with his session; another never inherits one (session fixation).</summary>
    public async Task StartAsync(ClaimsPrincipal user, AuthenticationProperties properties)
    {
        await ReadAsync();
        if (properties.GetString(SessionId) is null)
        {
            var known = _user?.GetSubjectId() == user.GetSubjectId() ? _properties?.GetString(SessionId) : null;
            properties.SetString(SessionId, known ?? Convert.ToHexString(RandomNumberGenerator.GetBytes(16)));
        }

        (_read, _user, _properties) = (true, user, properties);
    }

    private async Task ReadAsync()
    {
        if (_read)
            return;
        _read = true;
        var context = accessor.HttpContext ?? throw new InvalidOperationException("There is no session outside a request.");
        var handler = await handlers.GetHandlerAsync(context, options.Authentication.CookieAuthenticationScheme)
            ?? throw new InvalidOperationException("The cookie's authentication scheme is not registered.");
        var result = await handler.AuthenticateAsync();
        if (result is { Succeeded: true, Principal.Identity.IsAuthenticated: true })
            (_user, _properties) = (result.Principal, result.Properties);
    }
}
