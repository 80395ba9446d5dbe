using Duende.IdentityServer.Services;
using Microsoft.AspNetCore.Authentication;

namespace SecureShop.Identity.Tokens.Duende;

/// <summary>
/// Our session in IdentityServer's words. It makes no ids, keeps no cookie and no list of clients of its own: families know which clients
/// a session has let in.
/// </summary>
internal sealed class BrowserSession(IHttpContextAccessor http) : IUserSession
{
    /// <summary>The claim by which IdentityServer knows where somebody has signed in.</summary>
    public const string Provider = "idp";

    public Task<string> CreateSessionIdAsync(ClaimsPrincipal principal, AuthenticationProperties properties)
        => Task.FromResult(ShopSession.Of(principal)?.Id ?? throw new InvalidOperationException("Sign in by Sessions, which gives a session its id."));

    public async Task<ClaimsPrincipal?> GetUserAsync() => await FindAsync() is not { } session ? null : new(new ClaimsIdentity(
        [.. session.ToClaims(), new(ShopClaims.AuthenticationContext, session.Acr), new(Provider, "local")], "session", ShopClaims.Name, ShopClaims.Role));

    public async Task<string?> GetSessionIdAsync() => (await FindAsync())?.Id;

    public Task EnsureSessionIdCookieAsync() => Task.CompletedTask;

    public Task RemoveSessionIdCookieAsync() => Task.CompletedTask;

    public Task AddClientIdAsync(string clientId) => Task.CompletedTask;

    public Task<IEnumerable<string>> GetClientListAsync() => Task.FromResult(Enumerable.Empty<string>());

    private async Task<ShopSession?> FindAsync()
        => http.HttpContext is { } context ? ShopSession.Of((await context.AuthenticateAsync(IdentityConstants.ApplicationScheme)).Principal) : null;
}
