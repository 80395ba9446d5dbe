using SecureShop.StandIns.IdentityServer.Tokens;

namespace SecureShop.StandIns.IdentityServer.Grants;

/// <summary>Gives a client a token of its own.</summary>
internal sealed class ClientCredentialsGrant(ScopeValidator validator, TokenFactory factory)
{
    public async Task<TokenAnswer> AnswerAsync(ValidatedRequest request)
    {
        // A public client proves nothing, so it has nothing of its own (RFC 6749 4.4).
        if (!request.Client.RequireClientSecret)
            return TokenAnswer.Refuse(Errors.UnauthorizedClient, "A public client cannot use this grant.");

        var scope = request.Raw.Value("scope");
        if (scope?.Length > InputLimits.Scope)
            return TokenAnswer.Refuse(Errors.InvalidScope, "The scope is too long.");

        var scopes = scope is null ? DefaultScopes(request.Client) : ScopeValidator.Parse(scope);
        request.Scopes = validator.Validate(request.Client, scopes);
        if (!request.Scopes.Succeeded || request.Scopes.Identity.Count > 0 || request.Scopes.Has(IdentityServerConstants.StandardScopes.OfflineAccess))
            return TokenAnswer.Refuse(Errors.InvalidScope, "A scope is unknown or not for this client on its own behalf.");

        return new TokenAnswer
        {
            Scopes = scopes,
            AccessToken = await factory.CreateAccessTokenAsync(request),
            ExpiresIn = request.Client.AccessTokenLifetime,
        };
    }

    private static List<string> DefaultScopes(Client client) => client.AllowedScopes
        .Where(scope => scope is not (IdentityServerConstants.StandardScopes.OpenId or IdentityServerConstants.StandardScopes.Profile))
        .ToList();
}
