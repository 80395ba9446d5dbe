using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.AspNetCore.Routing.Template;
using Microsoft.Extensions.DependencyInjection;
using SecureShop.ServiceDefaults.Access;

namespace SecureShop.ServiceDefaults.Input;

/// <summary>
/// Answers a method that a path does not have: 405 with the methods that it has, 404 where it has none. The router's own list holds
/// those of every pattern of that shape, whatever the constraints of its parameters say, and names routes that are internal.
/// </summary>
public static class MethodRefusals
{
    /// <summary>To be used right after the routing. What comes in between sees an endpoint, or none, as for every other request.</summary>
    public static void UseMethodRefusals(this WebApplication app) => app.Use((context, next) =>
    {
        // Only the router makes endpoints without a route: this one, and the one for a media type that nothing takes.
        if (context.GetEndpoint() is { DisplayName: "405 HTTP Method Not Supported" } and not RouteEndpoint)
            context.SetEndpoint(Methods(context) is { Count: > 0 } methods ? Refusal(string.Join(", ", methods)) : null);
        return next(context);
    });

    private static Endpoint Refusal(string methods) => new(
        context =>
        {
            context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            context.Response.Headers.Allow = methods;
            return Task.CompletedTask;
        },
        EndpointMetadataCollection.Empty,
        "405");

    private static SortedSet<string> Methods(HttpContext context) => new(
        context.RequestServices.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<AccessRule>() is { Kind: not AccessKind.Internal } && Matches(context, endpoint.RoutePattern))
            .SelectMany(endpoint => endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? []),
        StringComparer.Ordinal);

    private static bool Matches(HttpContext context, RoutePattern pattern)
    {
        var values = new RouteValueDictionary();
        if (!new TemplateMatcher(new RouteTemplate(pattern), new RouteValueDictionary(pattern.Defaults)).TryMatch(context.Request.Path, values))
            return false;

        var policies = context.RequestServices.GetRequiredService<ParameterPolicyFactory>();
        return pattern.ParameterPolicies.All(parameter => parameter.Value.All(reference =>
            policies.Create(pattern.GetParameter(parameter.Key), reference) is not IRouteConstraint constraint
            || constraint.Match(context, route: null, parameter.Key, values, RouteDirection.IncomingRequest)));
    }
}

/// <summary>HEAD works wherever GET does, with the same status and headers and never a body (RFC 9110, section 9.3.2).</summary>
public static class HeadRequests
{
    /// <summary>
    /// From here inwards, what answers a HEAD may write a body as it would for GET, and it goes nowhere. Kestrel alone does not
    /// see to that: it sends what was written before the headers, and over HTTP/2 that breaks the caller's connection.
    /// </summary>
    public static void UseHeadWithoutBody(this WebApplication app)
        => app.Use((context, next) => HttpMethods.IsHead(context.Request.Method) ? AnswerAsync(context, next) : next(context));

    private static async Task AnswerAsync(HttpContext context, RequestDelegate next)
    {
        var sent = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        var nowhere = new StreamResponseBodyFeature(Stream.Null);
        context.Features.Set<IHttpResponseBodyFeature>(nowhere);
        try
        {
            await next(context);
            await nowhere.CompleteAsync();
        }
        finally
        {
            context.Features.Set(sent);
        }
    }

    /// <summary>Lets the router match HEAD, and name it as allowed, wherever it does so with GET.</summary>
    internal static void Admit(EndpointBuilder endpoint)
    {
        for (var index = 0; index < endpoint.Metadata.Count; index++)
        {
            if (endpoint.Metadata[index] is IHttpMethodMetadata { HttpMethods: var methods } known && methods.Any(HttpMethods.IsGet) && !methods.Any(HttpMethods.IsHead))
                endpoint.Metadata[index] = new HttpMethodMetadata([.. methods, HttpMethods.Head], known.AcceptCorsPreflight);
        }
    }
}
