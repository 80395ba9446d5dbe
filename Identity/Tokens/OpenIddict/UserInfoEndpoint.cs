using Microsoft.AspNetCore.Authentication;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace SecureShop.Identity.Tokens.OpenIddict;

/// <summary>What a client may know about the person whose token it has (OpenID Connect Core 5.3).</summary>
internal static class UserInfoEndpoint
{
    public static async Task<IResult> AnswerAsync(HttpContext context, TokenSubjects subjects)
    {
        var token = (await context.AuthenticateAsync(Endpoints.Scheme)).Principal ?? throw new InvalidOperationException("No token has passed.");
        var scopes = token.GetScopes();
        if (!scopes.Contains(ShopScopes.OpenId))
            return TypedResults.Forbid(Refusals.Of(Errors.InsufficientScope), [Endpoints.Scheme]);
        if (await subjects.FindAsync(token.GetClaim(Claims.Subject)!, Acr.SingleFactor) is not { } subject)
            return TypedResults.Challenge(Refusals.Of(Errors.InvalidToken), [Endpoints.Scheme]);

        var claims = new Dictionary<string, object>(StringComparer.Ordinal) { [Claims.Subject] = subject.Id };
        if (scopes.Contains(ShopScopes.Profile))
            claims[Claims.Name] = subject.Name;
        if (scopes.Contains(ShopScopes.Email))
            (claims[Claims.Email], claims[Claims.EmailVerified]) = (subject.Email, subject.EmailVerified);
        return TypedResults.Json(claims);
    }
}
