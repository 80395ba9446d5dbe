using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;

namespace SecureShop.ServiceDefaults.Access;

/// <summary>Enforces the endpoint's <see cref="AccessRule"/>. Without a request at hand it never succeeds.</summary>
internal sealed class AccessRuleHandler : AuthorizationHandler<AccessRule>
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, AccessRule requirement)
    {
        if (context.Resource is HttpContext http && Decide(requirement, http) == AccessDecision.Allowed)
            context.Succeed(requirement);
        return Task.CompletedTask;
    }

    /// <summary>What <paramref name="rule"/> says about the caller of <paramref name="http"/>.</summary>
    public static AccessDecision Decide(AccessRule rule, HttpContext http) => AccessDecisions.Decide(
        rule,
        http.User,
        credentialPresented: http.Request.Headers.Authorization.Count > 0,
        forwarded: ForwardingHeaders.Any(http.Request.Headers.ContainsKey));

    private static readonly string[] ForwardingHeaders =
        ["Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Original-For", "X-Original-Host", "X-Original-Proto"];
}
