using Duende.IdentityServer.Models;
using Duende.IdentityServer.Services;

namespace SecureShop.Identity.Tokens.Duende;

/// <summary>What tokens and the userinfo endpoint say about a person, of what their scopes and APIs ask for.</summary>
internal sealed class ShopProfile(Subjects subjects) : IProfileService
{
    public async Task GetProfileDataAsync(ProfileDataRequestContext context)
    {
        if (await subjects.FindAsync(context.Subject) is not { } subject)
            return;
        var wanted = context.RequestedClaimTypes.ToHashSet(StringComparer.Ordinal);
        context.IssuedClaims.AddRange(Claims(subject).Where(claim => wanted.Contains(claim.Type)));
    }

    // A client in its own name is its own subject, and was found to be there.
    public async Task IsActiveAsync(IsActiveContext context)
        => context.IsActive = context.Subject.HasClaim(ShopClaims.Subject, context.Client.ClientId) || await subjects.FindAsync(context.Subject) is not null;

    private static IEnumerable<Claim> Claims(TokenSubject subject) =>
    [
        new(ShopClaims.Name, subject.Name),
        new(ShopClaims.Email, subject.Email),
        new(ShopClaims.EmailVerified, subject.EmailVerified ? "true" : "false", ClaimValueTypes.Boolean),
        .. subject.Roles.Select(role => new Claim(ShopClaims.Role, role)),
    ];
}

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
