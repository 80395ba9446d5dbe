namespace SecureShop.StandIns.IdentityServer.Grants;

/// <summary>
/// Exchanges a code. It is taken out of the store before anything else about it is judged: a wrong verifier or address costs
/// the code, so that nobody tries twice.
/// </summary>
internal sealed class CodeGrant(GrantVault vault, UserTokens tokens)
{
    private const string Type = IdentityServerConstants.PersistedGrantTypes.AuthorizationCode;
    private static readonly RequestError NoGood = new(Errors.InvalidGrant, "The code, its redirect_uri or its verifier is not good.");

    public async Task<TokenAnswer> AnswerAsync(ValidatedRequest request)
    {
        var handle = request.Raw.Value("code");
        if (handle is null || handle.Length > InputLimits.AuthorizationCode)
            return TokenAnswer.Refuse(NoGood);
        if (await vault.TakeAsync(Type, handle, request.Client.ClientId) is not { } grant)
            return TokenAnswer.Refuse(NoGood);
        if (request.Raw["redirect_uri"] != grant.RedirectUri)
            return TokenAnswer.Refuse(NoGood);

        var verifier = request.Raw.Value("code_verifier");
        if (grant.CodeChallenge is null || !PkceValidator.IsVerifier(verifier) || !PkceValidator.Matches(grant.CodeChallenge, verifier!))
            return TokenAnswer.Refuse(NoGood);

        request.Subject = grant.ToPrincipal();
        request.SessionId = grant.SessionId;
        var answer = await tokens.CreateAsync(request, grant, grant.Scopes);
        if (answer.Error is not null || await vault.ConfirmAsync(Type, handle, grant))
            return answer;
        return TokenAnswer.Refuse(NoGood);
    }
}
