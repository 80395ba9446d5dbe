using SecureShop.StandIns.IdentityServer.Configuration;
using SecureShop.StandIns.IdentityServer.Endpoints;
using SecureShop.StandIns.IdentityServer.Extensions;
using SecureShop.StandIns.IdentityServer.Models;
using SecureShop.StandIns.IdentityServer.Services;
using SecureShop.StandIns.IdentityServer.Tokens;
using SecureShop.StandIns.IdentityServer.Validation;

namespace SecureShop.StandIns.IdentityServer.Grants;

/// <summary>Grants of the host's own. A name that nobody serves, such as <c>password</c>, ends here.</summary>
internal sealed class ExtensionGrants(
    IEnumerable<IExtensionGrantValidator> grants, ScopeValidator validator, TokenFactory factory, IProfileService profile, IdentityServerOptions options)
{
    public async Task<TokenAnswer> AnswerAsync(ValidatedTokenRequest request)
    {
        var grant = grants.FirstOrDefault(candidate => candidate.GrantType == request.GrantType);
        if (grant is null || !request.Client.AllowedGrantTypes.Contains(request.GrantType))
            return TokenAnswer.Refuse(Errors.UnsupportedGrantType, "The grant is not served.");

        if (request.Raw.Value("scope") is not { } scope || scope.Length > options.InputLengthRestrictions.Scope)
            return TokenAnswer.Refuse(Errors.InvalidScope, "The scope is missing or too long.");
        var scopes = ScopeValidator.Parse(scope);
        request.RequestedScopes = scopes;
        request.ValidatedResources = await validator.ValidateAsync(request.Client, scopes);
        if (!request.ValidatedResources.Succeeded || request.ValidatedResources.Resources.OfflineAccess)
            return TokenAnswer.Refuse(Errors.InvalidScope, "A scope is unknown or not for this client.");

        var context = new ExtensionGrantValidationContext { Request = request };
        await grant.ValidateAsync(context);
        if (context.Result is not { IsError: false } result)
            return TokenAnswer.Refuse(context.Result?.Error ?? Errors.InvalidGrant, context.Result?.ErrorDescription ?? "The grant is not good.");

        request.Subject = result.Subject;
        if (result.Subject is { } subject)
        {
            var active = new IsActiveContext(subject, request.Client, IdentityServerConstants.ProfileIsActiveCallers.ExtensionGrantValidation);
            await profile.IsActiveAsync(active);
            if (!active.IsActive)
                return TokenAnswer.Refuse(Errors.InvalidGrant, "The user may not have tokens.");
        }

        return new TokenAnswer
        {
            SubjectId = result.Subject?.GetSubjectId(),
            Scopes = scopes,
            AccessToken = await factory.CreateAccessTokenAsync(request),
            ExpiresIn = request.AccessTokenLifetime,
            Custom = result.CustomResponse,
        };
    }
}
