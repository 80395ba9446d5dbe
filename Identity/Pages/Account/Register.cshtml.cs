using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace SecureShop.Identity.Pages.Account;

/// <summary>Registration of a customer.</summary>
internal sealed class RegisterModel(Registration registration, IAuthorizationRequests requests) : PageModel
{
    public const int MaxName = 80;

    [BindProperty]
    [Required(ErrorMessage = "Enter your name.")]
    [PlainText(MaxName, ErrorMessage = "Use at most 80 characters, and none that are invisible.")]
    public string DisplayName { get; set; } = "";

    [BindProperty]
    [Required(ErrorMessage = "Enter your e-mail address.")]
    [PossibleEmailAddress(ErrorMessage = "That is no e-mail address.")]
    public string Email { get; set; } = "";

    [BindProperty]
    [Required(ErrorMessage = "Choose a password.")]
    [PossiblePassword(ErrorMessage = "Use at most 128 characters.")]
    public string Password { get; set; } = "";

    [BindProperty(SupportsGet = true)]
    [StringLength(4096)]
    public string? ReturnUrl { get; set; }

    public string? Fault { get; private set; }

    public bool FormExpired { get; private set; }

    public async Task<IActionResult> OnGetAsync(bool expired = false)
    {
        var request = await ReadRequestAsync();

        // Signed in meanwhile, in another tab: whoever has an account needs no other to go on.
        if (expired && User.Identity?.IsAuthenticated == true)
            return ReturnUrls.Redirect(HttpContext, request, ReturnUrl);
        FormExpired = expired;
        ModelState.Clear();
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        await ReadRequestAsync();
        if (!ModelState.IsValid)
            return Page();

        var outcome = await registration.RegisterAsync(
            Email, NormalizedText.Shown(DisplayName), Password, HttpContext.Connection.RemoteIpAddress, cancellationToken);
        if (outcome.PasswordFault is { } fault)
        {
            ModelState.AddModelError(nameof(Password), fault);
            return Page();
        }

        if (outcome.RetryAfter is { } wait)
        {
            Fault = $"Too many accounts were made from your network. {Response.TooMany(wait)}";
            return Page();
        }

        TempData[LoginModel.EmailNote] = Email;
        return RedirectToPage("/Account/CheckMail", new { ReturnUrl });
    }

    private async Task<AuthorizationRequest?> ReadRequestAsync()
    {
        var request = await requests.ReadReturnUrlAsync(HttpContext, ReturnUrl);
        if (request is null)
            ReturnUrl = null;
        return request;
    }
}
