using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SecureShop.StandIns.AspireDashboard.Api;

namespace SecureShop.StandIns.AspireDashboard.Serving;

/// <summary>The pages, which are all one shell, and the files they load.</summary>
internal static class PageRoutes
{
    public const string SignInPage = "sign-in.html";
    public const string SignedInPage = "signed-in.html";
    private const string Shell = "index.html";

    private static readonly string[] Reading = [HttpMethods.Get, HttpMethods.Head];

    private static readonly string[] Pages =
        ["/", "/resources/{name}", "/console", "/console/{resource}", "/logs", "/traces", "/traces/{traceId}", "/metrics", "/security"];

    public static void Map(IEndpointRouteBuilder routes)
    {
        foreach (var page in Pages)
            routes.MapMethods(page, Reading, context => ServeAsync(context, Shell, StatusCodes.Status200OK));

        // No data in them, and the page that asks to sign in needs its style.
        routes.MapMethods("/assets/{**file}", Reading, AssetAsync).WithMetadata(new AllowAnonymousAttribute());
    }

    public static Task ServeAsync(HttpContext context, string page, int status)
    {
        if (PageFiles.Find(page) is not { } file)
            return Answer.ProblemAsync(context, StatusCodes.Status404NotFound);
        context.Response.StatusCode = status;
        return WriteAsync(context, file);
    }

    private static Task AssetAsync(HttpContext context)
    {
        if (PageFiles.Find($"assets/{context.GetRouteValue("file")}") is not { } file)
            return Answer.ProblemAsync(context, StatusCodes.Status404NotFound);

        context.Response.Headers.CacheControl = "no-cache";
        context.Response.Headers.ETag = file.Tag;
        if (!context.Request.Headers.IfNoneMatch.ToString().Contains(file.Tag, StringComparison.Ordinal))
            return WriteAsync(context, file);
        context.Response.StatusCode = StatusCodes.Status304NotModified;
        return Task.CompletedTask;
    }

    private static Task WriteAsync(HttpContext context, PageFile file)
    {
        context.Response.ContentType = file.ContentType;
        context.Response.ContentLength = file.Content.Length;
        return HttpMethods.IsHead(context.Request.Method)
            ? Task.CompletedTask
            : context.Response.Body.WriteAsync(file.Content, context.RequestAborted).AsTask();
    }
}
