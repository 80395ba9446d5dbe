namespace SecureShop.Identity.Tokens;

/// <summary>A client's wish that its user sign out (OpenID Connect RP-Initiated Logout 1.0).</summary>
/// <param name="Client">Who wishes it, where that is known.</param>
/// <param name="RedirectUri">Where the client wants its user back, matched to it and with its <c>state</c>; or null.</param>
internal sealed record SignOutRequest(ShopClient? Client, string? RedirectUri);

/// <summary>Wishes for sign-out. Each engine has one.</summary>
internal interface ISignOutRequests
{
    /// <summary>The wish that the sign-out page was opened with, or null.</summary>
    Task<SignOutRequest?> FindAsync(string? id);
}
