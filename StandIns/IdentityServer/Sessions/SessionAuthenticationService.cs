using System.Globalization;
using Microsoft.AspNetCore.Authentication;

namespace SecureShop.StandIns.IdentityServer.Sessions;

/// <summary>
/// Stands before the framework's sign-in and sign-out: gives the user's cookie a session identifier and the claims that tokens
/// need.
/// </summary>
internal sealed class SessionAuthenticationService(
    AuthenticationService inner, IAuthenticationSchemeProvider schemes, IdentityServerOptions options, UserSession session, TimeProvider clock)
    : IAuthenticationService
{
    public async Task SignInAsync(HttpContext context, string? scheme, ClaimsPrincipal principal, AuthenticationProperties? properties)
    {
        if ((scheme ?? (await schemes.GetDefaultSignInSchemeAsync())?.Name) == options.Authentication.CookieAuthenticationScheme)
        {
            Complete(principal);
            properties ??= new AuthenticationProperties();
            await session.StartAsync(principal, properties);
        }

        await inner.SignInAsync(context, scheme, principal, properties);
    }

    public Task SignOutAsync(HttpContext context, string? scheme, AuthenticationProperties? properties) => inner.SignOutAsync(context, scheme, properties);

    public Task<AuthenticateResult> AuthenticateAsync(HttpContext context, string? scheme) => inner.AuthenticateAsync(context, scheme);

    public Task ChallengeAsync(HttpContext context, string? scheme, AuthenticationProperties? properties) => inner.ChallengeAsync(context, scheme, properties);

    public Task ForbidAsync(HttpContext context, string? scheme, AuthenticationProperties? properties) => inner.ForbidAsync(context, scheme, properties);

    private void Complete(ClaimsPrincipal principal)
    {
        if (principal.Identities.Count() != 1)
            throw new InvalidOperationException("A user signs in with exactly one identity.");
        principal.GetSubjectId();

        var identity = (ClaimsIdentity)principal.Identity!;
        if (!identity.HasClaim(claim => claim.Type == ClaimNames.IdentityProvider))
            identity.AddClaim(new Claim(ClaimNames.IdentityProvider, IdentityServerConstants.LocalIdentityProvider));
        if (!identity.HasClaim(claim => claim.Type == ClaimNames.AuthenticationMethod))
        {
            var local = identity.HasClaim(ClaimNames.IdentityProvider, IdentityServerConstants.LocalIdentityProvider);
            identity.AddClaim(new Claim(ClaimNames.AuthenticationMethod, local ? "pwd" : "external"));
        }

        if (!identity.HasClaim(claim => claim.Type == ClaimNames.AuthenticationTime))
        {
            var now = clock.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
            identity.AddClaim(new Claim(ClaimNames.AuthenticationTime, now, ClaimValueTypes.Integer64));
        }
    }
}
