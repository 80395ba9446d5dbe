using SecureShop.StandIns.IdentityServer.Configuration;
using SecureShop.StandIns.IdentityServer.Endpoints;
using SecureShop.StandIns.IdentityServer.Validation;

namespace SecureShop.StandIns.IdentityServer.Grants;

/// <summary>
/// Exchanges a code. It is taken out of the store before anything else about it is judged: a wrong verifier or address costs
/// the code, so that nobody tries twice.
/// </summary>
internal sealed class CodeGrant(Stores.GrantVault vault, UserTokens tokens, IdentityServerOptions options)
{
    private const string Type = IdentityServerConstants.PersistedGrantTypes.AuthorizationCode;
    private static readonly RequestError NoGood = new(Errors.InvalidGrant, "The code, its redirect_uri or its verifier is not good.");

    public async Task<TokenAnswer> AnswerAsync(ValidatedTokenRequest request)
    {
        var handle = request.Raw.Value("code");
        if (handle is null || handle.Length > options.InputLengthRestrictions.AuthorizationCode)
            return TokenAnswer.Refuse(NoGood);
        if (await vault.TakeAsync(Type, handle, request.ClientId) is not { } grant)
            return TokenAnswer.Refuse(NoGood);
        if (request.Raw["redirect_uri"] != grant.RedirectUri)
            return TokenAnswer.Refuse(NoGood);

        var verifier = request.Raw.Value("code_verifier");
        if (grant.CodeChallenge is null || !PkceValidator.IsVerifier(verifier) || !PkceValidator.Matches(grant.CodeChallenge, verifier!))
            return TokenAnswer.Refuse(NoGood);

        request.Subject = grant.ToPrincipal();
        request.SessionId = grant.SessionId;
        var answer = await tokens.CreateAsync(
            request, grant, grant.Scopes, IdentityServerConstants.ProfileIsActiveCallers.AuthorizationCodeValidation);
        if (answer.Error is not null || await vault.ConfirmAsync(Type, handle, grant))
            return answer;
        return TokenAnswer.Refuse(NoGood);
    }
}
