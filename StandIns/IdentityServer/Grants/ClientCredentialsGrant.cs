using SecureShop.StandIns.IdentityServer.Configuration;
using SecureShop.StandIns.IdentityServer.Endpoints;
using SecureShop.StandIns.IdentityServer.Tokens;
using SecureShop.StandIns.IdentityServer.Validation;

namespace SecureShop.StandIns.IdentityServer.Grants;

/// <summary>Gives a client a token of its own.</summary>
internal sealed class ClientCredentialsGrant(ScopeValidator validator, TokenFactory factory, IdentityServerOptions options)
{
    public async Task<TokenAnswer> AnswerAsync(ValidatedTokenRequest request)
    {
        // A public client proves nothing, so it has nothing of its own (RFC 6749 4.4).
        if (!request.Client.RequireClientSecret)
            return TokenAnswer.Refuse(Errors.UnauthorizedClient, "A public client cannot use this grant.");

        var scope = request.Raw.Value("scope");
        if (scope?.Length > options.InputLengthRestrictions.Scope)
            return TokenAnswer.Refuse(Errors.InvalidScope, "The scope is too long.");

        var scopes = scope is null ? DefaultScopes(request.Client) : ScopeValidator.Parse(scope);
        request.RequestedScopes = scopes;
        request.ValidatedResources = await validator.ValidateAsync(request.Client, scopes);
        var resources = request.ValidatedResources.Resources;
        if (!request.ValidatedResources.Succeeded || resources.IdentityResources.Count > 0 || resources.OfflineAccess)
            return TokenAnswer.Refuse(Errors.InvalidScope, "A scope is unknown or not for this client on its own behalf.");

        return new TokenAnswer
        {
            Scopes = scopes,
            AccessToken = await factory.CreateAccessTokenAsync(request),
            ExpiresIn = request.AccessTokenLifetime,
        };
    }

    private static List<string> DefaultScopes(Models.Client client) => client.AllowedScopes
        .Where(scope => scope is not (IdentityServerConstants.StandardScopes.OpenId or IdentityServerConstants.StandardScopes.Profile
            or IdentityServerConstants.StandardScopes.Email or IdentityServerConstants.StandardScopes.Phone or IdentityServerConstants.StandardScopes.Address))
        .ToList();
}
