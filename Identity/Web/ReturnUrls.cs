using Microsoft.AspNetCore.Mvc;
using SecureShop.Identity.Tokens;

namespace SecureShop.Identity.Web;

/// <summary>Where a person goes on once signed in: back to the token server, with the request of the client that sent them here.</summary>
internal static class ReturnUrls
{
    /// <summary>The request behind <paramref name="returnUrl"/>; null where the token server did not make it for this browser.</summary>
    public static async Task<AuthorizationRequest?> ReadReturnUrlAsync(this IAuthorizationRequests requests, HttpContext context, string? returnUrl)
    {
        var request = await requests.FindAsync(context, returnUrl);
        if (request is not null)
            context.AllowFormToEndAt(request.RedirectUri);
        return request;
    }

    /// <summary>Open redirect: only to an address with a request behind it, which the token server itself made and still accepts.</summary>
    public static IActionResult Redirect(AuthorizationRequest? request)
        => new LocalRedirectResult(request?.ReturnUrl ?? "/");
}
