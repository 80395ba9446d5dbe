using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using SecureShop.Identity.Accounts;
using SecureShop.Identity.Sessions;
using SecureShop.Identity.Tokens;
using SecureShop.Identity.Web;
using SecureShop.ServiceDefaults.Events;

namespace SecureShop.Identity.Pages.Account;

/// <summary>Sign-in by e-mail address and password.</summary>
internal sealed class LoginModel(
    SignIn signIn, Sessions.Sessions sessions, IAuthorizationRequests requests, SecurityLog security) : PageModel
{
    public const int MaxEmail = EmailAddress.MaxLength;
    public const int MaxPassword = PasswordRules.MaxLength;

    [BindProperty]
    [Required(ErrorMessage = "Enter your e-mail address.")]
    [MaxCharacters(MaxEmail, ErrorMessage = "That is no e-mail address.")]
    public string Email { get; set; } = "";

    [BindProperty]
    [Required(ErrorMessage = "Enter your password.")]
    [MaxCharacters(MaxPassword, ErrorMessage = "That is too long for a password.")]
    public string Password { get; set; } = "";

    [BindProperty(SupportsGet = true)]
    [StringLength(4096)]
    public string? ReturnUrl { get; set; }

    public bool JustRegistered { get; private set; }

    public string? ClientName { get; private set; }

    public string? Fault { get; private set; }

    public bool FormExpired { get; private set; }

    public async Task<IActionResult> OnGetAsync(bool registered = false, bool expired = false)
    {
        var request = await ReadRequestAsync();

        // Signed in meanwhile, in another tab: what the form was for is done.
        if (expired && User.Identity?.IsAuthenticated == true)
            return ReturnUrls.Redirect(request);
        Email = request?.LoginHint ?? "";
        JustRegistered = registered;
        FormExpired = expired;
        ModelState.Clear();
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        var request = await ReadRequestAsync();
        if (!ModelState.IsValid)
            return Page();

        var outcome = await signIn.AttemptAsync(Email, Password, HttpContext.Connection.RemoteIpAddress, cancellationToken);
        if (outcome.RetryAfter is { } wait)
            return TooMany(wait);
        if (outcome.User is not { } user)
        {
            Fault = "That e-mail address and password do not match, or there were too many attempts.";
            return Page();
        }

        await sessions.SignInAsync(HttpContext, user, [Amr.Password], cancellationToken);
        SignInMetrics.Tried(SignInMetrics.Success);
        security.ForCurrentRequest(StatusCodes.Status302Found).SignedIn(user.Id.ToString(), request?.Client.Id);
        return ReturnUrls.Redirect(request);
    }

    private async Task<AuthorizationRequest?> ReadRequestAsync()
    {
        var request = await requests.ReadReturnUrlAsync(HttpContext, ReturnUrl);
        if (request is null)
            ReturnUrl = null;
        ClientName = request?.Client.Name;
        return request;
    }

    private PageResult TooMany(TimeSpan wait)
    {
        var minutes = (int)Math.Ceiling(Math.Max(wait.TotalMinutes, 1));
        Fault = $"Too many attempts. Try again in {minutes} minute{(minutes == 1 ? "" : "s")}.";
        Response.StatusCode = StatusCodes.Status429TooManyRequests;
        Response.Headers.RetryAfter = ((int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        return Page();
    }
}
