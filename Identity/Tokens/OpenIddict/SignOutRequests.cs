namespace SecureShop.Identity.Tokens.OpenIddict;

/// <summary>
/// A client's wish that its user sign out (OpenID Connect RP-Initiated Logout 1.0), between the endpoint and the page that asks the user:
/// sealed, so that no link can send people elsewhere.
/// </summary>
internal sealed class SignOutRequests(IDataProtectionProvider protection, KnownClients clients, TimeProvider clock) : ISignOutRequests
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);
    private readonly IDataProtector seal = protection.CreateProtector("sign-out/v1");

    public static IResult Answer(HttpContext context, SignOutRequests requests)
    {
        // The address has been matched to a client; its state goes along as it came.
        var request = context.Checked();
        var back = request.PostLogoutRedirectUri is { } uri && request.State is { } state ? QueryHelpers.AddQueryString(uri, "state", state) : request.PostLogoutRedirectUri;
        return TypedResults.LocalRedirect(back is null && request.ClientId is null
            ? Paths.LogoutPage
            : QueryHelpers.AddQueryString(Paths.LogoutPage, "logoutId", requests.Close(new(request.ClientId, back))));
    }

    // Where there is none, or none of ours, people sign out all the same, and go nowhere.
    public Task<SignOutRequest?> FindAsync(string? id)
        => Task.FromResult(seal.Open<Wish>(id, clock.GetUtcNow()) is { } wish ? new SignOutRequest(clients.Find(wish.Client), wish.RedirectUri) : null);

    private string Close(Wish wish) => seal.Close(wish, clock.GetUtcNow() + Lifetime);

    private sealed record Wish(string? Client, string? RedirectUri);
}
