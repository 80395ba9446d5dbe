using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace SecureShop.Identity.Pages.Account.Manage;

/// <summary>Changes the password.</summary>
[FreshSession]
internal sealed class PasswordModel(UserManager<ShopUser> users, PasswordChange change, ShopSessions sessions) : PageModel
{
    [BindProperty]
    [Required(ErrorMessage = "Enter your present password.")]
    [PossiblePassword(ErrorMessage = "That is too long for a password.")]
    public string Present { get; set; } = "";

    [BindProperty]
    [Required(ErrorMessage = "Choose a password.")]
    [PossiblePassword(ErrorMessage = "Use at most 128 characters.")]
    public string Password { get; set; } = "";

    public string Email { get; private set; } = "";

    public bool Saved { get; private set; }

    public bool FormExpired { get; private set; }

    public string? Fault { get; private set; }

    public async Task<IActionResult> OnGetAsync(bool saved = false, bool expired = false)
    {
        if (await users.GetUserAsync(User) is not { } user)
            return Challenge();
        (Email, Saved, FormExpired) = (user.Email!, saved, expired);
        ModelState.Clear();
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        if (ShopSession.Of(User) is not { } session || await users.GetUserAsync(User) is not { } user)
            return Challenge();
        Email = user.Email!;
        if (!ModelState.IsValid)
            return Page();

        var outcome = await change.ChangeAsync(user, Present, Password, session.Id, cancellationToken);
        if (outcome.User is not null)
        {
            // The password was shown just now.
            await sessions.ElevateAsync(HttpContext, user, Amr.Password);
            return RedirectToPage(new { saved = true });
        }

        if (outcome.RetryAfter is { } wait)
            Fault = Response.TooMany(wait);
        else if (outcome.PasswordFault is { } fault)
            ModelState.AddModelError(nameof(Password), fault);
        else
            ModelState.AddModelError(nameof(Present), "That is not your present password.");
        return Page();
    }
}
