using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SecureShop.ServiceDefaults.Settings;
using SecureShop.ServiceDefaults.Tokens;

namespace SecureShop.ServiceDefaults.Access;

/// <summary>
/// Tells a client that was refused how to get what it lacks (RFC 6750, 3; RFC 9449, 7.1; RFC 9470, 3; RFC 9728, 5.1): by which schemes, the scope,
/// how strongly and how lately its person must have signed in, and where the API says whose tokens it takes. From that alone a client finds its way.
/// </summary>
internal static class Challenges
{
    public static void Write(HttpContext context, AccessRule rule, AccessDecision decision)
    {
        var headers = context.Response.Headers;
        var bound = BoundTokens.IsUsed(context.Request);
        switch (decision)
        {
            case AccessDecision.NoCredential:
                headers.WWWAuthenticate = (string[])[Of(bound: false, [Scope(rule), Metadata(context)]), Of(bound: true, [Scope(rule), Metadata(context)])];
                break;
            case AccessDecision.MissingScope:
                headers.WWWAuthenticate = Of(bound, ["error=\"insufficient_scope\"", Scope(rule), Metadata(context)]);
                break;
            case AccessDecision.InsufficientAuthentication when rule.StepUp is { } wanted:
                headers.WWWAuthenticate = Of(bound, [
                    "error=\"insufficient_user_authentication\"",
                    $"acr_values=\"{wanted.Acr}\"",
                    string.Create(CultureInfo.InvariantCulture, $"max_age=\"{(long)wanted.MaxAge.TotalSeconds}\""),
                    Metadata(context)]);
                break;
            case AccessDecision.BadCredential when !TokenFailure.IsUnjudged(context):
                var proof = TokenFailure.ProofOf(context);
                headers.WWWAuthenticate = Of(bound || proof is not null, [$"error=\"{proof?.Error ?? "invalid_token"}\"", Metadata(context)]);
                if (proof?.Nonce is { } nonce)
                    headers["DPoP-Nonce"] = nonce;
                break;
        }
    }

    private static string Of(bool bound, IEnumerable<string?> parameters)
        => (bound ? BoundTokens.Scheme + " algs=\"ES256\", " : "Bearer ") + string.Join(", ", parameters.OfType<string>());

    private static string? Scope(AccessRule rule) => rule.Scope is null ? null : $"scope=\"{rule.Scope}\"";

    private static string? Metadata(HttpContext context)
    {
        var api = context.GetEndpoint()?.Metadata.GetMetadata<ProtectedApi>() ?? context.RequestServices.GetService<ProtectedApi>();
        return api is null ? null : $"resource_metadata=\"{context.RequestServices.GetRequiredService<IOptions<ShopOptions>>().Value.Origin}{api.MetadataPath}\"";
    }
}
