using System.Security.Claims;
using SecureShop.StandIns.IdentityServer.Extensions;
using SecureShop.StandIns.IdentityServer.Models;
using SecureShop.StandIns.IdentityServer.Services;
using SecureShop.StandIns.IdentityServer.Validation;

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

    public async Task<List<Claim>> ForAccessTokenAsync(ValidatedRequest request)
    {
        var claims = new List<Claim>();
        if (request.Subject is null || request.Client.AlwaysSendClientClaims)
            claims.AddRange(request.ClientClaims.Select(claim => new Claim(request.Client.ClientClaimsPrefix + claim.Type, claim.Value, claim.ValueType)));
        if (request.Subject is null)
            return claims;

        claims.AddRange(OfSignIn(request.Subject));
        var resources = request.ValidatedResources.Resources;
        var types = resources.ApiResources.Cast<Resource>().Concat(resources.ApiScopes).SelectMany(resource => resource.UserClaims);
        claims.AddRange(await OfProfileAsync(request, types, IdentityServerConstants.ProfileDataCallers.ClaimsProviderAccessToken));
        return claims;
    }

    public async Task<List<Claim>> ForIdentityTokenAsync(ValidatedRequest request)
    {
        var claims = OfSignIn(request.Subject!).ToList();
        if (request.Client.AlwaysIncludeUserClaimsInIdToken)
            claims.AddRange(await OfIdentityResourcesAsync(request, IdentityServerConstants.ProfileDataCallers.ClaimsProviderIdentityToken));
        return claims;
    }

    public Task<List<Claim>> ForUserInfoAsync(ValidatedRequest request) =>
        OfIdentityResourcesAsync(request, IdentityServerConstants.ProfileDataCallers.UserInfoEndpoint);

    private Task<List<Claim>> OfIdentityResourcesAsync(ValidatedRequest request, string caller) =>
        OfProfileAsync(request, request.ValidatedResources.Resources.IdentityResources.SelectMany(resource => resource.UserClaims), caller);

    private async Task<List<Claim>> OfProfileAsync(ValidatedRequest request, IEnumerable<string> types, string caller)
    {
        var requested = types.Where(type => !Reserved.Contains(type)).Distinct(StringComparer.Ordinal).ToList();
        var context = new ProfileDataRequestContext(request.Subject!, request.Client, caller, requested)
        {
            RequestedResources = request.ValidatedResources,
            ValidatedRequest = request,
        };
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
