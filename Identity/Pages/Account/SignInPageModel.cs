using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.RazorPages;
using SecureShop.Identity.Accounts;
using SecureShop.Identity.Data;
using SecureShop.Identity.Factors;
using SecureShop.Identity.Tokens;
using SecureShop.Identity.Web;
using SecureShop.ServiceDefaults.Events;

namespace SecureShop.Identity.Pages.Account;

/// <summary>A page that ends a sign-in with something else than a password.</summary>
internal abstract class SignInPageModel(IAuthorizationRequests requests, SecurityLog security) : PageModel
{
    protected const string PasskeyFault = "That passkey was not accepted, or it took too long. Try again, or use another way.";

    private AuthorizationRequest? request;

    [BindProperty(SupportsGet = true)]
    [StringLength(4096)]
    public string? ReturnUrl { get; set; }

    [BindProperty]
    [StringLength(4096)]
    public string? State { get; set; }

    [BindProperty]
    [StringLength(8192)]
    public string? Credential { get; set; }

    public string? Fault { get; protected set; }

    public bool FormExpired { get; protected set; }

    [BindNever]
    protected SecurityLog Security => security;

    /// <summary>Whose passkey the browser has answered with, or null.</summary>
    protected async Task<ShopUser?> FinishAsync(PasskeyCeremonies ceremonies, CancellationToken cancellationToken)
        => ModelState.IsValid ? await ceremonies.FinishAsync(HttpContext, State ?? "", Credential ?? "", cancellationToken) : null;

    protected async Task ReadRequestAsync()
    {
        request = await requests.ReadReturnUrlAsync(HttpContext, ReturnUrl);
        if (request is null && !ReturnUrls.IsOwnPage(HttpContext, ReturnUrl))
            ReturnUrl = null;
    }

    protected IActionResult SignedIn(ShopUser user)
    {
        SignInMetrics.Tried(SignInMetrics.Success);
        security.ForCurrentRequest(StatusCodes.Status302Found).SignedIn(user.Id.ToString(), request?.Client.Id);
        return ReturnUrls.Redirect(HttpContext, request, ReturnUrl);
    }

    protected PageResult TooMany(TimeSpan wait)
    {
        var minutes = (int)Math.Ceiling(Math.Max(wait.TotalMinutes, 1));
        Fault = $"Too many attempts. Try again in {minutes} minute{(minutes == 1 ? "" : "s")}.";
        Response.StatusCode = StatusCodes.Status429TooManyRequests;
        Response.Headers.RetryAfter = ((int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        return Page();
    }
}
