using Microsoft.AspNetCore.Authentication;
using SecureShop.StandIns.IdentityServer.Configuration;

namespace SecureShop.StandIns.IdentityServer.Sessions;

/// <summary>Knows which cookie holds the user.</summary>
internal sealed class CookieScheme(IAuthenticationSchemeProvider schemes, IdentityServerOptions options)
{
    public async Task<string> GetNameAsync() =>
        options.Authentication.CookieAuthenticationScheme
        ?? (await schemes.GetDefaultAuthenticateSchemeAsync())?.Name
        ?? throw new InvalidOperationException("There is no default authentication scheme; name one in IdentityServerOptions.Authentication.");
}
