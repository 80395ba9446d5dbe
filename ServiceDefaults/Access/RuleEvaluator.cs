using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Http;

namespace SecureShop.ServiceDefaults.Access;

/// <summary>
/// Asks the rule itself where it is all that a policy has, as on every endpoint of ours. The framework would ask each handler there is whether
/// it knows the rule, at every request.
/// </summary>
internal sealed class RuleEvaluator(IAuthorizationService authorization) : PolicyEvaluator(authorization)
{
    public override Task<PolicyAuthorizationResult> AuthorizeAsync(
        AuthorizationPolicy policy, AuthenticateResult authenticationResult, HttpContext context, object? resource)
    {
        if (policy.Requirements is not [AccessRule rule])
            return base.AuthorizeAsync(policy, authenticationResult, context, resource);
        return Task.FromResult(AccessRuleHandler.Decide(rule, context) == AccessDecision.Allowed ? PolicyAuthorizationResult.Success()
            : authenticationResult.Succeeded ? PolicyAuthorizationResult.Forbid()
            : PolicyAuthorizationResult.Challenge());
    }
}
