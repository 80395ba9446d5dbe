namespace SecureShop.Identity.Tokens.OpenIddict;

/// <summary>
/// A client's wish that its user sign out (OpenID Connect RP-Initiated Logout 1.0), between the endpoint and the page that asks the user:
/// sealed, so that no link can send people elsewhere.
/// </summary>
internal sealed class SignOutRequests(IDataProtectionProvider protection, KnownClients clients) : ISignOutRequests
{
    private readonly Sealed<Wish> wishes = new(protection, "sign-out/v1", TimeSpan.FromHours(1));

    public static IResult Answer(HttpContext context, SignOutRequests requests)
    {
        // The address has been matched to a client; its state goes along as it came.
        var request = context.Checked();
        var back = request.PostLogoutRedirectUri is { } uri && request.State is { } state ? QueryHelpers.AddQueryString(uri, "state", state) : request.PostLogoutRedirectUri;
        return TypedResults.LocalRedirect(back is null && request.ClientId is null
            ? Paths.LogoutPage
            : QueryHelpers.AddQueryString(Paths.LogoutPage, "logoutId", requests.wishes.Close(new(request.ClientId, back))));
    }

    // Where there is none, or none of ours, people sign out all the same, and go nowhere.
    public Task<SignOutRequest?> FindAsync(string? id)
        => Task.FromResult(wishes.Open(id) is { } wish ? new SignOutRequest(clients.Find(wish.Client), wish.RedirectUri) : null);

    private sealed record Wish(string? Client, string? RedirectUri);
}
