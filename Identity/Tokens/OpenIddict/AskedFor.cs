using OpenIddict.Abstractions;

namespace SecureShop.Identity.Tokens.OpenIddict;

/// <summary>A request that OpenIddict has accepted, in so far as pages must know it: kept in the browser's sealed mark, and believed from there alone.</summary>
internal sealed record AskedFor(string Client, IReadOnlyList<string> Scopes, string RedirectUri, string? LoginHint, RequestDemands Demands)
{
    /// <summary>What is longer is no address of a person.</summary>
    private const int MaxHint = 254;

    public static AskedFor From(OpenIddictRequest request, ShopClient client, string? hintedSubject) => new(
        client.Id,
        [.. request.GetScopes()],
        request.RedirectUri!,
        request.LoginHint is { Length: <= MaxHint } hint ? hint : null,
        new([.. request.GetPromptValues()], request.MaxAge, RequestDemands.WeakestOf(request.GetAcrValues()), hintedSubject, client.AsksForConsent));
}
