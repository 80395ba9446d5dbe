using SecureShop.Gateway.ApiKeys;
using SecureShop.Gateway.Events;
using SecureShop.ServiceDefaults.Events;
using SecureShop.ServiceDefaults.Input;
using SecureShop.ServiceDefaults.Pages;

namespace SecureShop.Gateway.Doors;

/// <summary>
/// Plain http: a page is sent to the https origin, anything else is refused. A redirected API call would work, and its
/// author would go on sending tokens in the clear.
/// </summary>
internal static class PlainDoor
{
    public static Task AnswerAsync(HttpContext context)
    {
        var request = context.Request;
        if (!IsPage(request))
        {
            SecurityLog.Of(context, StatusCodes.Status403Forbidden).DoorRefused(RefusalReason.PlainHttp);
            return TypedResults.Problem("Use https.", statusCode: StatusCodes.Status403Forbidden).ExecuteAsync(context);
        }

        // The origin comes from the configuration: a forged Host must not become a place to be sent to.
        var origin = context.RequestServices.GetRequiredService<PublicOrigins>().For(request.Host.Host, request.Path);
        context.Response.StatusCode = StatusCodes.Status308PermanentRedirect;
        context.Response.Headers.Location = origin.GetLeftPart(UriPartial.Authority) + request.Path.ToUriComponent() + request.QueryString.ToUriComponent();
        return Task.CompletedTask;
    }

    private static bool IsPage(HttpRequest request)
        => (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
            && request.Headers.Authorization.Count == 0
            && !request.Headers.ContainsKey(ApiKeyExtensions.Header)

            // Before an https proxy that is not trusted, a redirect would come back for ever.
            && !TrustedProxies.ClaimsHttps(request)
            && !request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase)
            && HtmlPage.IsPreferred(request);
}
