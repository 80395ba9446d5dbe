using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace SecureShop.Identity.Pages;

/// <summary>Where a person goes on once signed in: back to the token server, with the request of the client that sent them here, or to a page of ours.</summary>
internal static class ReturnUrls
{
    // What people are sent away from to sign in first.
    private static readonly string[] ClosedPages = ["/Account/Manage/", "/Account/Device", "/Admin/"];

    /// <summary>The request behind <paramref name="returnUrl"/>; null where the token server did not make it or no longer accepts it.</summary>
    public static async Task<AuthorizationRequest?> ReadReturnUrlAsync(this IAuthorizationRequests requests, HttpContext context, string? returnUrl)
    {
        var request = await requests.FindAsync(context, returnUrl);
        if (request is not null)
            context.AllowFormToEndAt(request.RedirectUri);
        return request;
    }

    /// <summary>Whether <paramref name="returnUrl"/> is a page of ours that asks who somebody is.</summary>
    public static bool IsOwnPage(HttpContext context, string? returnUrl)
    {
        if (!RedirectHttpResult.IsLocalUrl(returnUrl))
            return false;
        var path = returnUrl!.Split('?', '#')[0];
        return context.RequestServices.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().Any(endpoint =>
            string.Equals("/" + endpoint.RoutePattern.RawText, path, StringComparison.OrdinalIgnoreCase)
            && endpoint.Metadata.GetMetadata<PageActionDescriptor>() is { } page
            && ClosedPages.Any(closed => page.ViewEnginePath.StartsWith(closed, StringComparison.OrdinalIgnoreCase)));
    }

    /// <summary>Open redirect: only to an address with a request behind it, which the token server itself made and still accepts, or to a page of ours.</summary>
    public static IActionResult Redirect(HttpContext context, AuthorizationRequest? request, string? returnUrl)
        => request is not null ? new RedirectResult(request.ReturnUrl) : new LocalRedirectResult(IsOwnPage(context, returnUrl) ? returnUrl! : "/");
}
