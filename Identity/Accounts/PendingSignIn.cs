using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Mvc;

namespace SecureShop.Identity.Accounts;

/// <summary>
/// A sign-in that waits for its second factor: ten minutes, in a sealed cookie that says which account's password was shown in this
/// browser. It is no session and opens nothing but the page that asks for the rest. Also leads a session to more (step-up).
/// </summary>
internal sealed class PendingSignIn(UserManager<ShopUser> users, ShopSessions sessions)
{
    public const string Scheme = "SecureShop.PendingSignIn";
    public const string Path = "/account/second-factor";

    private const string Stamp = "stamp";

    /// <summary>After a right password of an account with a second factor.</summary>
    public async Task<IActionResult> BeginAsync(HttpContext http, ShopUser user, string? returnUrl)
    {
        await http.SignInAsync(Scheme, new ClaimsPrincipal(new ClaimsIdentity(
            [new(ShopClaims.Subject, user.Id.ToString()), new(Stamp, user.SecurityStamp ?? "")], Scheme)));
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
            await http.SignOutAsync(Scheme);
            await sessions.SignInAsync(http, user, [Amr.Password, method], cancellationToken);
        }
        else
        {
            await sessions.ElevateAsync(http, user, [method], cancellationToken);
        }
    }

    private async Task<ShopUser?> FindPendingAsync(HttpContext http)
    {
        var shown = (await http.AuthenticateAsync(Scheme)).Principal;
        return shown?.FindFirst(ShopClaims.Subject)?.Value is { } subject
            && await users.FindByIdAsync(subject) is { IsDisabled: false } user

            // A password that was changed meanwhile was not shown.
            && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(user.SecurityStamp ?? ""), Encoding.UTF8.GetBytes(shown.FindFirst(Stamp)?.Value ?? ""))
            ? user
            : null;
    }
}
