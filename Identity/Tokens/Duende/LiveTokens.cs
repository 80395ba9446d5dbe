using System.Text.Json;
using Duende.IdentityServer.Validation;

namespace SecureShop.Identity.Tokens.Duende;

/// <summary>Access tokens that come back to the token server itself: their family must live, and at the userinfo endpoint their holder hold their key.</summary>
internal sealed class LiveTokens(Families families, IHttpContextAccessor http) : ICustomTokenValidator
{
    public async Task<TokenValidationResult> ValidateAccessTokenAsync(TokenValidationResult result)
    {
        var claims = result.Claims!.ToList();
        var family = claims.Find(claim => claim.Type == Families.Claim)?.Value;
        return (family is null || await families.LivesAsync(family)) && UserInfo.HoldsKey(http.HttpContext, ThumbprintOf(claims.Find(claim => claim.Type == "cnf")?.Value))
            ? result : new() { IsError = true, Error = "invalid_token" };
    }

    public Task<TokenValidationResult> ValidateIdentityTokenAsync(TokenValidationResult result) => Task.FromResult(result);

    private static string? ThumbprintOf(string? confirmation)
    {
        if (confirmation is null)
            return null;
        using var json = JsonDocument.Parse(confirmation);
        return json.RootElement.GetProperty("jkt").GetString();
    }
}
