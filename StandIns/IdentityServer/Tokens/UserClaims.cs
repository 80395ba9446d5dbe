namespace SecureShop.StandIns.IdentityServer.Tokens;

/// <summary>Collects the claims of a user (or of a client alone) for a token.</summary>
internal sealed class UserClaims(IProfileService profile)
{
    /// <summary>A profile service cannot overwrite what the protocol itself says.</summary>
    private static readonly HashSet<string> Reserved = new(StringComparer.Ordinal)
    {
        ClaimNames.Subject, ClaimNames.Issuer, ClaimNames.Audience, ClaimNames.Expires, ClaimNames.IssuedAt, ClaimNames.NotBefore, ClaimNames.JwtId,
        ClaimNames.ClientId, ClaimNames.Scope, ClaimNames.SessionId, ClaimNames.AuthenticationTime, ClaimNames.AuthenticationMethod,
        ClaimNames.IdentityProvider, ClaimNames.Nonce, ClaimNames.AccessTokenHash, ClaimNames.AuthorizedParty, "c_hash", "cnf", "reference_token_id",
    };

    public async Task<List<Claim>> ForAccessTokenAsync(ValidatedRequest request) => request.Subject is { } user
        ? [.. OfSignIn(user), .. await OfProfileAsync(user, request.Scopes.Apis)]
        : [];

    public static List<Claim> ForIdentityToken(ValidatedRequest request) => OfSignIn(request.Subject!).ToList();

    public Task<List<Claim>> ForUserInfoAsync(ValidatedRequest request) => OfProfileAsync(request.Subject!, request.Scopes.Identity);

    private async Task<List<Claim>> OfProfileAsync(ClaimsPrincipal user, IEnumerable<Resource> resources)
    {
        var requested = resources.SelectMany(resource => resource.UserClaims).Where(type => !Reserved.Contains(type)).Distinct(StringComparer.Ordinal);
        var context = new ProfileDataRequestContext(user, requested.ToList());
        await profile.GetProfileDataAsync(context);
        return context.IssuedClaims.Where(claim => !Reserved.Contains(claim.Type)).ToList();
    }

    private static IEnumerable<Claim> OfSignIn(ClaimsPrincipal subject)
    {
        yield return new Claim(ClaimNames.Subject, subject.GetSubjectId());
        yield return new Claim(ClaimNames.AuthenticationTime, subject.GetAuthenticationTimeEpoch().ToString(), ClaimValueTypes.Integer64);
        yield return new Claim(ClaimNames.IdentityProvider, subject.GetIdentityProvider());
        foreach (var method in subject.GetAuthenticationMethods())
            yield return method;
        if (subject.FindFirst(ClaimNames.AuthenticationContext) is { } acr)
            yield return acr;
    }
}
