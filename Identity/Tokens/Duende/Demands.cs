using System.Collections.Specialized;
using System.Globalization;
using Duende.IdentityServer;
using Duende.IdentityServer.Validation;

namespace SecureShop.Identity.Tokens.Duende;

/// <summary>Reads out of a request that IdentityServer has accepted what it demands of its person, and what it is known by.</summary>
internal sealed class Demands(ITokenValidator tokens)
{
    public async Task<RequestDemands> OfAsync(NameValueCollection request, ShopClient client) => new(
        Words(request["prompt"]),
        long.TryParse(request["max_age"], NumberStyles.None, CultureInfo.InvariantCulture, out var age) ? age : null,
        RequestDemands.WeakestOf(Words(request["acr_values"])),
        request["id_token_hint"] is { Length: > 0 } hint ? await SubjectOfAsync(hint, client.Id) ?? "" : null,
        client.AsksForConsent);

    /// <summary>Whom an ID token of this client, perhaps an old one, is about; null where it is none.</summary>
    public async Task<string?> SubjectOfAsync(string idToken, string clientId)
        => await tokens.ValidateIdentityTokenAsync(idToken, clientId, validateLifetime: false) is { IsError: false, Claims: { } claims }
            ? claims.FirstOrDefault(claim => claim.Type == ShopClaims.Subject)?.Value : null;

    /// <summary>Where a request goes on when its person comes back, in one spelling whichever way it came: what it is known by.</summary>
    public static string AddressOf(ValidatedAuthorizeRequest request) => QueryHelpers.AddQueryString(Paths.Authorize, request.PushedAuthorizationReferenceValue is { } pushed
        ? [KeyValuePair.Create("client_id", (string?)request.ClientId), KeyValuePair.Create("request_uri", (string?)$"{IdentityServerConstants.PushedAuthorizationRequestUri}:{pushed}")]
        : request.Raw.AllKeys.OfType<string>().Order(StringComparer.Ordinal)
            .SelectMany(name => request.Raw.GetValues(name)!.Select(value => KeyValuePair.Create(name, (string?)value))));

    private static string[] Words(string? text) => text?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
}
