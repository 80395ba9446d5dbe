using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace SecureShop.ServiceDefaults;

/// <summary>HEAD works wherever GET does, with the same status and headers and never a body (RFC 9110, section 9.3.2).</summary>
public static class HeadRequests
{
    /// <summary>
    /// From here inwards, what answers a HEAD may write a body as it would for GET, and it goes nowhere. Kestrel alone does not
    /// see to that: it sends what was written before the headers, and over HTTP/2 that breaks the caller's connection.
    /// </summary>
    public static void UseHeadWithoutBody(this WebApplication app) => app.Use(async (context, next) =>
    {
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await next(context);
            return;
        }

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
    });

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
