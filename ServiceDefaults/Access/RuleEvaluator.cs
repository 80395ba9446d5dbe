using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace SecureShop.ServiceDefaults.Access;

/// <summary>
/// Asks the rule itself where it is all that a policy has, as on every endpoint of ours. The framework would make the service that asks each
/// handler there is whether it knows the rule, at every request.
/// </summary>
internal sealed class RuleEvaluator : IPolicyEvaluator
{
    public Task<AuthenticateResult> AuthenticateAsync(AuthorizationPolicy policy, HttpContext context) => Framework(context).AuthenticateAsync(policy, context);

    public Task<PolicyAuthorizationResult> AuthorizeAsync(
        AuthorizationPolicy policy, AuthenticateResult authenticationResult, HttpContext context, object? resource)
    {
        if (policy.Requirements is not [AccessRule rule])
            return Framework(context).AuthorizeAsync(policy, authenticationResult, context, resource);
        return Task.FromResult(AccessRuleHandler.Decide(rule, context) == AccessDecision.Allowed ? PolicyAuthorizationResult.Success()
            : authenticationResult.Succeeded ? PolicyAuthorizationResult.Forbid()
            : PolicyAuthorizationResult.Challenge());
    }

    private static PolicyEvaluator Framework(HttpContext context) => new(new Late(context.RequestServices));

    /// <summary>The service as soon as somebody asks it something, which to authenticate nobody does.</summary>
    private sealed class Late(IServiceProvider services) : IAuthorizationService
    {
        public Task<AuthorizationResult> AuthorizeAsync(ClaimsPrincipal user, object? resource, IEnumerable<IAuthorizationRequirement> requirements)
            => services.GetRequiredService<IAuthorizationService>().AuthorizeAsync(user, resource, requirements);

        public Task<AuthorizationResult> AuthorizeAsync(ClaimsPrincipal user, object? resource, string policyName)
            => services.GetRequiredService<IAuthorizationService>().AuthorizeAsync(user, resource, policyName);
    }
}
