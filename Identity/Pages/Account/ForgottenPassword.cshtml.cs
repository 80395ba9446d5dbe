using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace SecureShop.Identity.Pages.Account;

/// <summary>Asks for a link to choose a new password. The answer is the same for every address.</summary>
internal sealed class ForgottenPasswordModel(PasswordReset reset) : PageModel
{
    [BindProperty]
    [Required(ErrorMessage = "Enter your e-mail address.")]
    [PossibleEmailAddress(ErrorMessage = "That is no e-mail address.")]
    public string Email { get; set; } = "";

    public bool Sent { get; private set; }

    public bool FormExpired { get; private set; }

    public string? Fault { get; private set; }

    public void OnGet(bool sent = false, bool expired = false)
    {
        (Sent, FormExpired) = (sent, expired);
        ModelState.Clear();
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        if (!ModelState.IsValid)
            return Page();
        if (await reset.AskAsync(Email, HttpContext.Connection.RemoteIpAddress, cancellationToken) is { } wait)
        {
            Fault = Response.TooMany(wait);
            return Page();
        }

        return RedirectToPage(new { sent = true });
    }
}
