using Microsoft.AspNetCore.Mvc;

namespace SecureShop.Identity.Accounts;

/// <summary>
/// A sign-in that waits for its second factor: ten minutes, in a sealed cookie that says which account's password was shown in this
/// browser. It is no session and opens nothing but the page that asks for the rest. Also leads a session to more (step-up).
/// </summary>
internal sealed class PendingSignIn(UserManager<ShopUser> users, ShopSessions sessions, IDataProtectionProvider protection, TimeProvider clock)
{
    public const string Path = "/account/second-factor";

    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);
    private static readonly CookieBuilder Cookie = HostCookie.Of("second-factor", SameSiteMode.Strict);
    private readonly IDataProtector seal = protection.CreateProtector("pending-sign-ins/v1");

    /// <summary>After a right password of an account with a second factor.</summary>
    public IActionResult Begin(HttpContext http, ShopUser user, string? returnUrl)
    {
        Cookie.Write(http, seal.Close(new Shown(user.Id, user.SecurityStamp ?? ""), clock.GetUtcNow() + Lifetime));
        return new LocalRedirectResult(returnUrl is null ? Path : QueryHelpers.AddQueryString(Path, "returnUrl", returnUrl));
    }

    /// <summary>Who has shown a password in this browser, or else is signed in; null where nobody.</summary>
    public async Task<ShopUser?> FindAsync(HttpContext http)
        => await FindPendingAsync(http) ?? (await users.GetUserAsync(http.User) is { IsDisabled: false } user ? user : null);

    /// <summary>Whether a session would be led to more, and none begun.</summary>
    public async Task<bool> IsStepUpAsync(HttpContext http) => await FindPendingAsync(http) is null;

    /// <summary>The person of <see cref="FindAsync"/> has shown <paramref name="method"/> as well.</summary>
    public async Task FinishAsync(HttpContext http, ShopUser user, string method, CancellationToken cancellationToken)
    {
        if ((await FindPendingAsync(http))?.Id == user.Id)
        {
            Cookie.Remove(http);
            await sessions.SignInAsync(http, user, [Amr.Password, method], cancellationToken);
        }
        else
        {
            await sessions.ElevateAsync(http, user, method);
        }
    }

    // A password that was changed meanwhile was not shown.
    private async Task<ShopUser?> FindPendingAsync(HttpContext http)
        => seal.Open<Shown>(Cookie.Read(http), clock.GetUtcNow()) is { } shown
            && await users.FindByIdAsync(shown.Account.ToString()) is { IsDisabled: false } user && user.SecurityStamp == shown.Stamp ? user : null;

    private sealed record Shown(Guid Account, string Stamp);
}
