namespace SecureShop.Identity.Tokens.OpenIddict;

/// <summary>Takes a client's wish that its user sign out to the page that asks the user (OpenID Connect RP-Initiated Logout 1.0).</summary>
internal static class EndSessionEndpoint
{
    public static IResult Answer(HttpContext context, ISignOutRequests requests)
    {
        // The address has been matched to a client; its state goes along as it came.
        var request = context.Checked();
        var back = request.PostLogoutRedirectUri is { } uri && request.State is { } state ? QueryHelpers.AddQueryString(uri, "state", state) : request.PostLogoutRedirectUri;
        return TypedResults.LocalRedirect(back is null && request.ClientId is null
            ? Paths.LogoutPage
            : QueryHelpers.AddQueryString(Paths.LogoutPage, "logoutId", ((SignOutRequests)requests).Seal(new(request.ClientId, back))));
    }
}
