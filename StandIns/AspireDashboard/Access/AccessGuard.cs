using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using SecureShop.StandIns.AspireDashboard.Api;

namespace SecureShop.StandIns.AspireDashboard.Access;

/// <summary>
/// Nothing without a session but what a route says of itself. Another page of this machine (other ports of 127.0.0.1 are
/// the same site to a browser, so the cookie goes along) is told apart by Origin and by what the browser says of the request.
/// </summary>
internal sealed class AccessGuard(Dashboard dashboard)
{
    private const long LargestBody = 1024;

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } body)
            body.MaxRequestBodySize = LargestBody;

        if (context.GetEndpoint()?.Metadata.GetMetadata<IAllowAnonymous>() is not null)
        {
            await next(context);
            return;
        }

        if (await RefuseAsync(context))
            return;
        if (context.GetEndpoint() is null)
            await Answer.ProblemAsync(context, StatusCodes.Status404NotFound);
        else
            await next(context);

        // Of the framework, with the methods that are allowed but without a body.
        if (context.Response is { StatusCode: StatusCodes.Status405MethodNotAllowed, HasStarted: false })
            await Answer.ProblemAsync(context, StatusCodes.Status405MethodNotAllowed);
    }

    /// <summary>Whether the request may not go on; then it was answered.</summary>
    private async Task<bool> RefuseAsync(HttpContext context)
    {
        var isApi = context.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase);
        if (dashboard.Sessions.Find(context.Request.Cookies[SignIn.CookieName(dashboard.Origins)]) is not { } session)
        {
            await (isApi ? Answer.ProblemAsync(context, StatusCodes.Status401Unauthorized) : SignIn.AskAsync(context));
            return true;
        }

        var isRead = HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method);
        if ((isApi && !IsFromOurPage(context.Request, isRead)) || (!isRead && !HasOurOrigin(context.Request)))
        {
            await Answer.ProblemAsync(context, StatusCodes.Status403Forbidden, "The request does not come from a page of the dashboard.");
            return true;
        }

        context.Features.Set(session);
        return false;
    }

    // Browsers say where a request began; what is no browser says nothing. "none" is the address bar, good for reading.
    private static bool IsFromOurPage(HttpRequest request, bool isRead) =>
        request.Headers["Sec-Fetch-Site"].ToString() is "" or "same-origin" || (isRead && request.Headers["Sec-Fetch-Site"] == "none");

    private bool HasOurOrigin(HttpRequest request) =>
        request.Headers.Origin.Count == 1 && string.Equals(request.Headers.Origin[0], dashboard.Origins.PagesOrigin, StringComparison.Ordinal);
}
