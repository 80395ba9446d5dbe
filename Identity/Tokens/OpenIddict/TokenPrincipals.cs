namespace SecureShop.Identity.Tokens.OpenIddict;

/// <summary>Says in OpenIddict's words what tokens say: whose they are, what for, and which claim goes into which.</summary>
internal sealed class TokenPrincipals(TokenSubjects subjects, Families families, IdentityDbContext database)
{
    /// <summary>
    /// What the session's person grants to a client, or null where they may grant nothing. It holds all that was agreed to; each access
    /// token gets of that what its person's roles allow at that moment (<see cref="AccessTokens"/>). What stems from it is one family.
    /// </summary>
    public async Task<ClaimsPrincipal?> ForSessionAsync(
        ShopSession session, ShopClient client, IReadOnlyList<string> scopes, IReadOnlyList<string> resources, CancellationToken cancellationToken)
    {
        if (await subjects.FindAsync(session.Subject, session.Acr) is not { } subject)
            return null;
        var principal = For(session.Subject, scopes, resources)
            .SetClaim(ShopClaims.Session, session.Id)
            .SetClaim(Claims.AuthenticationTime, session.AuthenticatedAt.ToUnixTimeSeconds())
            .SetClaim(Claims.AuthenticationContextReference, session.Acr)
            .SetClaims(Claims.AuthenticationMethodReference, [.. session.Methods]);
        await families.BeginAsync(database, principal, session, client, cancellationToken);
        return Describe(principal, subject);
    }

    /// <summary>The same grant with its person as they are now; null where no token may be made for them any more.</summary>
    public async Task<ClaimsPrincipal?> RenewAsync(ClaimsPrincipal granted)
    {
        var subject = await subjects.FindAsync(granted.GetClaim(Claims.Subject)!, granted.GetClaim(Claims.AuthenticationContextReference) ?? Acr.SingleFactor);
        return subject is null ? null : Describe(new(NewIdentity(granted.Claims)), subject);
    }

    /// <summary>The owner of an API key, for what the key is good for.</summary>
    public static ClaimsPrincipal For(ApiKeyGrant key, IReadOnlyList<string> resources) => Describe(For(key.Owner.Id, key.Scopes, resources), key.Owner);

    /// <summary>No more than that: a client in its own name.</summary>
    public static ClaimsPrincipal For(string subject, IReadOnlyList<string> scopes, IReadOnlyList<string> resources)
    {
        // RFC 8707: without a wish, all APIs of the scopes; with one, that and no more.
        var all = ShopScopes.ApisOf(scopes);
        return new ClaimsPrincipal(NewIdentity([])).SetClaim(Claims.Subject, subject).SetScopes(scopes)
            .SetResources(resources.Count == 0 ? all : all.Intersect(resources.Select(ShopScopes.ApiOf).OfType<string>(), StringComparer.Ordinal));
    }

    private static ClaimsIdentity NewIdentity(IEnumerable<Claim> claims) => new(claims, Endpoints.Scheme, Claims.Name, Claims.Role);

    private static ClaimsPrincipal Describe(ClaimsPrincipal principal, TokenSubject subject) => principal
        .SetClaim(Claims.Name, subject.Name)
        .SetClaim(Claims.Email, subject.Email)
        .SetClaim(Claims.EmailVerified, subject.EmailVerified)
        .SetClaims(Claims.Role, [.. subject.Roles])
        .SetDestinations(Destination);

    private static string[] Destination(Claim claim) => claim.Type switch
    {
        Claims.Name when claim.Subject!.HasScope(ShopScopes.Profile) => [Destinations.IdentityToken],
        Claims.Email or Claims.EmailVerified when claim.Subject!.HasScope(ShopScopes.Email) => [Destinations.IdentityToken],
        Claims.Role => [Destinations.AccessToken],
        ShopClaims.Session or Claims.AuthenticationTime or Claims.AuthenticationMethodReference or Claims.AuthenticationContextReference
            => [Destinations.AccessToken, Destinations.IdentityToken],
        _ => [],
    };
}
