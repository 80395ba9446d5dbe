using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using SecureShop.ServiceDefaults.Events;
using SecureShop.ServiceDefaults.Tokens;

namespace SecureShop.ServiceDefaults.Access;

/// <summary>
/// Answers a refused call: 401 or 403 with a challenge (<see cref="Challenges"/>). The body becomes a problem later on.
/// Neither says why a token is bad: an attacker would learn which of its forgeries came closest.
/// </summary>
internal sealed class AccessRefusals : IAuthorizationMiddlewareResultHandler
{
    private readonly AuthorizationMiddlewareResultHandler sessions = new();

    public Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
    {
        if (authorizeResult.Succeeded)
            return next(context);

        switch (context.GetEndpoint())
        {
            case null:
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                return Task.CompletedTask;

            // Not a route but the router's own answer that the method or content type fits none (405, 415).
            case not RouteEndpoint and { Metadata.Count: 0 }:
                return next(context);

            case var endpoint when endpoint.Metadata.GetMetadata<AccessRule>() is { } rule:
                return rule.Kind == AccessKind.Session
                    ? RefuseSession(next, context, policy, authorizeResult)
                    : Refuse(context, rule);

            default:
                context.Response.StatusCode = StatusCodes.Status403Forbidden;
                SecurityLog.Of(context).AccessRefused(RefusalReason.NoRule);
                return Task.CompletedTask;
        }
    }

    private Task RefuseSession(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult result)
    {
        // Who is not signed in is asked to, which refuses nothing.
        if (result.Forbidden)
            SecurityLog.Of(context, StatusCodes.Status403Forbidden).AccessRefused(RefusalReason.MissingRole);
        return sessions.HandleAsync(next, context, policy, result);
    }

    private static Task Refuse(HttpContext context, AccessRule rule)
    {
        var decision = AccessRuleHandler.Decide(rule, context);
        context.Response.StatusCode = decision switch
        {
            AccessDecision.NotInternal => StatusCodes.Status404NotFound,
            AccessDecision.MissingScope or AccessDecision.MissingRole => StatusCodes.Status403Forbidden,
            AccessDecision.BadCredential when TokenFailure.IsUnjudged(context) => StatusCodes.Status503ServiceUnavailable,
            _ => StatusCodes.Status401Unauthorized,
        };
        if (context.Response.StatusCode == StatusCodes.Status503ServiceUnavailable)
            context.Response.Headers.RetryAfter = "5";
        Challenges.Write(context, rule, decision);
        Record(SecurityLog.Of(context), decision, context);
        return Task.CompletedTask;
    }

    /// <summary>What the caller does not learn, those who watch do.</summary>
    private static void Record(ILogger security, AccessDecision decision, HttpContext context)
    {
        switch (decision)
        {
            case AccessDecision.NotInternal:
                security.AccessRefused(RefusalReason.NotInternal);
                break;
            case AccessDecision.NoCredential:
                security.AccessRefused(RefusalReason.NoCredential);
                break;
            case AccessDecision.MissingScope:
                security.AccessRefused(RefusalReason.MissingScope);
                break;
            case AccessDecision.MissingRole:
                security.AccessRefused(RefusalReason.MissingRole);
                break;
            case AccessDecision.InsufficientAuthentication:
                security.AccessRefused(RefusalReason.StepUp);
                break;

            // Not the caller's fault; the log says that the keys are missing, or Redis.
            case var _ when TokenFailure.IsUnjudged(context):
                break;
            default:
                security.TokenRejected(TokenFailure.ReasonOf(context));
                break;
        }
    }
}
