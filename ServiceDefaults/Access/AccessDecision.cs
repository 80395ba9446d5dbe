using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace SecureShop.ServiceDefaults.Access;

/// <summary>What a rule says about a caller.</summary>
internal enum AccessDecision
{
    Allowed,
    NoCredential,
    BadCredential,
    MissingScope,
    MissingRole,
    InsufficientAuthentication,
    NotInternal,
}

/// <summary>Applies a rule to a caller. A pure function, so that every row of the access table can be tested.</summary>
internal static class AccessDecisions
{
    /// <param name="rule">The endpoint's rule.</param>
    /// <param name="user">The caller as authenticated.</param>
    /// <param name="credentialPresented">Whether the request carried any credential, valid or not.</param>
    /// <param name="forwarded">Whether the request came through a proxy, thus from outside.</param>
    /// <param name="now">The time, where the rule asks how lately the caller has shown who they are.</param>
    public static AccessDecision Decide(AccessRule rule, ClaimsPrincipal user, bool credentialPresented, bool forwarded, DateTimeOffset now = default)
        => rule.Kind switch
        {
            AccessKind.Internal => forwarded ? AccessDecision.NotInternal : AccessDecision.Allowed,
            AccessKind.Anyone => AccessDecision.Allowed,
            AccessKind.Session => user.Identity?.IsAuthenticated == true ? DecideRole(rule, user) : AccessDecision.NoCredential,
            AccessKind.Token => DecideToken(rule, user, credentialPresented, now),
            _ => AccessDecision.NoCredential,
        };

    private static AccessDecision DecideToken(AccessRule rule, ClaimsPrincipal user, bool credentialPresented, DateTimeOffset now)
    {
        if (user.Identity?.IsAuthenticated != true)
        {
            // A forged or expired token must not be served as a guest: its holder would never learn that it is refused.
            if (credentialPresented)
                return AccessDecision.BadCredential;
            return rule.Guests ? AccessDecision.Allowed : AccessDecision.NoCredential;
        }

        if (rule.Scope is null || !user.HasScope(rule.Scope))
            return AccessDecision.MissingScope;

        // A service's token is nobody's. It holds no role and owns nothing, whatever else is in it.
        if ((!rule.Roles.IsEmpty || rule.Ownership is { PublicPart: false }) && user.SubjectOrNull() is null)
            return AccessDecision.MissingRole;
        var role = DecideRole(rule, user);
        return role == AccessDecision.Allowed && rule.StepUp?.IsMetBy(user, now) == false ? AccessDecision.InsufficientAuthentication : role;
    }

    private static AccessDecision DecideRole(AccessRule rule, ClaimsPrincipal user)
        => rule.Roles.IsEmpty || rule.Roles.Any(user.HasRole) ? AccessDecision.Allowed : AccessDecision.MissingRole;
}

/// <summary>Enforces the endpoint's <see cref="AccessRule"/>. Without a request at hand it never succeeds.</summary>
internal sealed class AccessRuleHandler : AuthorizationHandler<AccessRule>
{
    private static readonly string[] ForwardingHeaders =
        ["Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Original-For", "X-Original-Host", "X-Original-Proto"];

    /// <summary>What <paramref name="rule"/> says about the caller of <paramref name="http"/>.</summary>
    public static AccessDecision Decide(AccessRule rule, HttpContext http) => AccessDecisions.Decide(
        rule,
        http.User,
        credentialPresented: http.Request.Headers.Authorization.Count > 0,
        forwarded: rule.Kind == AccessKind.Internal && ForwardingHeaders.Any(http.Request.Headers.ContainsKey),
        now: rule.StepUp is null ? default : http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow());

    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, AccessRule requirement)
    {
        if (context.Resource is HttpContext http && Decide(requirement, http) == AccessDecision.Allowed)
            context.Succeed(requirement);
        return Task.CompletedTask;
    }
}
