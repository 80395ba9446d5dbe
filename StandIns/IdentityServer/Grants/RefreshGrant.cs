namespace SecureShop.StandIns.IdentityServer.Grants;

/// <summary>Exchanges a refresh token. One that works once and is seen twice has been stolen from one of the two: both lose.</summary>
internal sealed class RefreshGrant(GrantVault vault, UserTokens tokens)
{
    private const string Type = IdentityServerConstants.PersistedGrantTypes.RefreshToken;
    private static readonly RequestError NoGood = new(Errors.InvalidGrant, "The refresh token is not good.");

    public async Task<TokenAnswer> AnswerAsync(ValidatedRequest request)
    {
        var handle = request.Raw.Value("refresh_token");
        if (handle is null || handle.Length > InputLimits.RefreshToken)
            return TokenAnswer.Refuse(NoGood);

        if (await vault.TakeAsync(Type, handle, request.Client.ClientId) is not { } grant)
            return TokenAnswer.Refuse(NoGood);

        // A refresh may ask for less than the user granted, never for more (RFC 6749 6).
        var scopes = request.Raw.Value("scope") is { } scope ? ScopeValidator.Parse(scope) : grant.Scopes;
        if (!scopes.All(wanted => grant.Scopes.Contains(wanted, StringComparer.Ordinal)))
            return TokenAnswer.Refuse(Errors.InvalidScope, "The scope is wider than the one granted.");

        request.Subject = grant.ToPrincipal();
        request.SessionId = grant.SessionId;
        var answer = await tokens.CreateAsync(request, grant, scopes);
        if (answer.Error is not null || await vault.ConfirmAsync(Type, handle, grant))
            return answer;
        return TokenAnswer.Refuse(NoGood);
    }
}
