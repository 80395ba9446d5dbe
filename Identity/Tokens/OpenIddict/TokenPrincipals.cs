using OpenIddict.Abstractions;
using SecureShop.Identity.ApiKeys;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace SecureShop.Identity.Tokens.OpenIddict;

/// <summary>Says in OpenIddict's words what tokens say: whose they are, what for, and which claim goes into which.</summary>
internal sealed class TokenPrincipals(
    TokenSubjects subjects, IOpenIddictApplicationManager applications, IOpenIddictAuthorizationManager authorizations, TimeProvider clock)
{
    /// <summary>
    /// What the session's person grants to a client, or null where they may grant nothing. It holds all that was agreed to; each access
    /// token gets of that what its person's roles allow at that moment (<see cref="Narrowing"/>). What stems from it is one family.
    /// </summary>
    public async Task<ClaimsPrincipal?> ForSessionAsync(
        ShopSession session, ShopClient client, IReadOnlyList<string> scopes, IEnumerable<string> resources, CancellationToken cancellationToken)
    {
        if (await subjects.FindAsync(session.Subject, session.Acr) is not { } subject)
            return null;
        var identity = new ClaimsIdentity(Endpoints.Scheme, Claims.Name, Claims.Role);
        identity.SetClaim(Claims.Subject, session.Subject)
            .SetClaim(ShopClaims.Session, session.Id)
            .SetClaim(Claims.AuthenticationTime, session.AuthenticatedAt.ToUnixTimeSeconds())
            .SetClaim(Claims.AuthenticationContextReference, session.Acr)
            .SetClaims(Claims.AuthenticationMethodReference, [.. session.Methods]);
        identity.SetScopes(scopes);
        SetResources(identity, resources);
        Describe(identity, subject);
        identity.SetAuthorizationId(await BeginFamilyAsync(session, client, cancellationToken));
        return new(identity);
    }

    /// <summary>The same grant with its person as they are now; null where no token may be made for them any more.</summary>
    public async Task<ClaimsPrincipal?> RenewAsync(ClaimsPrincipal granted)
    {
        if (await subjects.FindAsync(granted.GetClaim(Claims.Subject)!, granted.GetClaim(Claims.AuthenticationContextReference) ?? Acr.SingleFactor) is not { } subject)
            return null;
        var identity = new ClaimsIdentity(granted.Claims, Endpoints.Scheme, Claims.Name, Claims.Role);
        Describe(identity, subject);
        return new(identity);
    }

    /// <summary>A client in its own name (RFC 6749, 4.4; RFC 9068 wants its id as the subject).</summary>
    public static ClaimsPrincipal ForClient(ShopClient client, IEnumerable<string> scopes, IEnumerable<string> resources)
        => Plain(client.Id, scopes, resources);

    /// <summary>The owner of an API key, for what the key is good for.</summary>
    public static ClaimsPrincipal ForKey(ApiKeyGrant key, IEnumerable<string> resources)
    {
        var principal = Plain(key.Owner.Id, key.Scopes, resources);
        Describe((ClaimsIdentity)principal.Identity!, key.Owner);
        return principal;
    }

    private static ClaimsPrincipal Plain(string subject, IEnumerable<string> scopes, IEnumerable<string> resources)
    {
        var identity = new ClaimsIdentity(Endpoints.Scheme, Claims.Name, Claims.Role);
        identity.SetClaim(Claims.Subject, subject);
        identity.SetScopes(scopes);
        SetResources(identity, resources);
        return new(identity);
    }

    // RFC 8707: without a wish, all APIs of the scopes; with one, that and no more.
    private static void SetResources(ClaimsIdentity identity, IEnumerable<string> wanted)
    {
        var all = ShopScopes.ApisOf(identity.GetScopes()).Select(ShopScopes.ResourceOf).ToList();
        var chosen = wanted.ToList();
        identity.SetResources(chosen.Count == 0 ? all : all.Intersect(chosen, StringComparer.Ordinal));
    }

    private static void Describe(ClaimsIdentity identity, TokenSubject subject)
    {
        identity.SetClaim(Claims.Name, subject.Name)
            .SetClaim(Claims.Email, subject.Email)
            .SetClaim(Claims.EmailVerified, subject.EmailVerified)
            .SetClaims(Claims.Role, [.. subject.Roles]);
        identity.SetDestinations(Destination);
    }

    private static IEnumerable<string> Destination(Claim claim) => claim.Type switch
    {
        Claims.Name when claim.Subject!.HasScope(ShopScopes.Profile) => [Destinations.IdentityToken],
        Claims.Email or Claims.EmailVerified when claim.Subject!.HasScope(ShopScopes.Email) => [Destinations.IdentityToken],
        Claims.Role => [Destinations.AccessToken],
        ShopClaims.Session or Claims.AuthenticationTime or Claims.AuthenticationMethodReference or Claims.AuthenticationContextReference
            => [Destinations.AccessToken, Destinations.IdentityToken],
        _ => [],
    };

    private async Task<string> BeginFamilyAsync(ShopSession session, ShopClient client, CancellationToken cancellationToken)
    {
        var application = await applications.FindByClientIdAsync(client.Id, cancellationToken)
            ?? throw new InvalidOperationException("The client is not stored.");
        var family = await authorizations.CreateAsync(new OpenIddictAuthorizationDescriptor
        {
            ApplicationId = await applications.GetIdAsync(application, cancellationToken),
            CreationDate = clock.GetUtcNow(),
            Status = Statuses.Valid,
            Subject = session.Subject,
            Type = AuthorizationTypes.AdHoc,

            // By this its session ends it.
            Properties = { [ShopClaims.Session] = JsonSerializer.SerializeToElement(session.Id) },
        }, cancellationToken);
        return (await authorizations.GetIdAsync(family, cancellationToken))!;
    }
}
