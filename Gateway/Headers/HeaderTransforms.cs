using System.Collections.Frozen;
using Microsoft.Net.Http.Headers;
using SecureShop.Gateway.ApiKeys;
using SecureShop.Gateway.Routes;
using SecureShop.ServiceDefaults.Events;
using Yarp.ReverseProxy.Transforms;
using Yarp.ReverseProxy.Transforms.Builder;

namespace SecureShop.Gateway.Headers;

/// <summary>Which headers cross the gateway. Hop-by-hop ones never do; YARP sees to that.</summary>
internal static class HeaderTransforms
{
    // Headers that someone behind us might believe, and that only we may set; and the API key, which is gone by then, and stays with us
    // even if it were not.
    private static readonly FrozenSet<string> NeverIn = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "Forwarded", "X-Real-IP", "X-Client-IP", "True-Client-IP", "CF-Connecting-IP", "X-Original-For", "X-Original-Host", "X-Original-Proto",
        "X-Original-URL", "X-Rewrite-URL", "X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override", "X-Forwarded-Prefix",
        "X-Forwarded-Port", "X-Forwarded-Server", "X-Forwarded-Scheme", "X-MS-Client-Principal", "traceparent", "tracestate", "baggage",
        ApiKeyExtensions.Header);

    // Headers that tell an attacker what stands behind us.
    private static readonly string[] NeverOut = ["Server", "X-Powered-By", "X-AspNet-Version", "Via", "traceparent", "tracestate", "X-Envoy-Upstream-Service-Time"];

    // Cookies know no ports: at localhost the sign-in cookie would otherwise reach every service, and each could set one. And whose
    // pages may read an answer is said here alone.
    private static readonly string[] ApiNeverOut =
    [
        "Set-Cookie", "Access-Control-Allow-Origin", "Access-Control-Allow-Credentials", "Access-Control-Allow-Methods", "Access-Control-Allow-Headers",
        "Access-Control-Allow-Private-Network", "Access-Control-Expose-Headers", "Access-Control-Max-Age", "Timing-Allow-Origin",
    ];

    public static void Apply(TransformBuilderContext context)
    {
        // Set, not appended: what the caller claims of itself is gone. The host tells nobody behind us anything.
        context.AddXForwarded(ForwardedTransformActions.Set);
        context.AddXForwardedHost(action: ForwardedTransformActions.Remove);
        var isShop = RouteTable.All.Any(route => route.Id == context.Route.RouteId && route.Origin == Origin.Shop);
        string[] neverOut = isShop ? [.. NeverOut, .. ApiNeverOut] : NeverOut;
        context.AddRequestTransform(request =>
        {
            foreach (var (name, _) in request.HttpContext.Request.Headers)
            {
                if (StaysHere(name) || (isShop && name.Equals(HeaderNames.Cookie, StringComparison.OrdinalIgnoreCase)))
                    request.ProxyRequest.Headers.Remove(name);
            }

            return ValueTask.CompletedTask;
        });
        context.AddResponseTransform(answer =>
        {
            var response = answer.HttpContext.Response;
            foreach (var name in neverOut)
                response.Headers.Remove(name);
            if (answer.ProxyResponse is null || response.StatusCode < StatusCodes.Status400BadRequest)
                return ValueTask.CompletedTask;

            // The service that refused has left the event.
            RefusalEvent.MarkRecorded(answer.HttpContext);

            // An error without a body becomes a problem on the way out, which it could not while its length is said to be 0.
            if (response.ContentLength == 0)
                response.ContentLength = null;
            return ValueTask.CompletedTask;
        });
    }

    // Also orders to a proxy such as Envoy, which an ingress before a service may be: to try a post again, or to wait for longer. And what
    // some servers read as a header with hyphens, X_Forwarded_For as ours: no honest header has an underscore.
    private static bool StaysHere(string name)
        => NeverIn.Contains(name) || name.Contains('_', StringComparison.Ordinal) || name.StartsWith("X-Envoy-", StringComparison.OrdinalIgnoreCase);
}
