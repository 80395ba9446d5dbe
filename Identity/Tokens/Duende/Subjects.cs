using System.Security.Claims;
using SecureShop.Identity.Data;
using SecureShop.Identity.Sessions;

namespace SecureShop.Identity.Tokens.Duende;

/// <summary>Who a token is about, read once a request: IdentityServer asks several times.</summary>
internal sealed class Subjects(TokenSubjects subjects)
{
    private readonly Dictionary<(string Subject, string Acr), TokenSubject?> read = [];

    public async Task<TokenSubject?> FindAsync(ClaimsPrincipal principal)
    {
        var key = (principal.FindFirst(ShopClaims.Subject)?.Value ?? "", principal.FindFirst(ShopClaims.AuthenticationContext)?.Value ?? Acr.SingleFactor);
        if (!read.TryGetValue(key, out var subject))
            read[key] = subject = await subjects.FindAsync(key.Item1, key.Item2);
        return subject;
    }
}
