using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace SecureShop.Identity.Pages.Account;

/// <summary>Where the link of a forgotten password leads.</summary>
internal sealed class ResetPasswordModel(PasswordReset reset, PendingSignIn pending, ShopSessions sessions, SecurityLog security) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public Guid Id { get; set; }

    [BindProperty(SupportsGet = true)]
    [StringLength(1024)]
    public string Token { get; set; } = "";

    [BindProperty]
    [Required(ErrorMessage = "Choose a password.")]
    [PossiblePassword(ErrorMessage = "Use at most 128 characters.")]
    public string Password { get; set; } = "";

    /// <summary>The address of the account whose password the link sets; null where it sets none.</summary>
    public string? Email { get; private set; }

    public bool FormExpired { get; private set; }

    public async Task OnGetAsync(bool expired = false)
    {
        Email = (await FindAsync())?.Email;
        FormExpired = expired;
        ModelState.Clear();
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        if (!ModelState.IsValid)
        {
            Email = (await FindAsync())?.Email;
            return Page();
        }

        var outcome = await reset.ResetAsync(Id, Token, Password, cancellationToken);
        if (outcome.User is { } user)
        {
            // The session of this browser has ended with the others: what begins now is another one.
            await sessions.SignOutAsync(HttpContext, cancellationToken);

            // The mailbox stands in for the password, and for nothing else.
            if (user.TwoFactorEnabled)
                return pending.Begin(HttpContext, user, returnUrl: null);
            await sessions.SignInAsync(HttpContext, user, [Amr.Password], cancellationToken);
            security.SignedIn(user, client: null);
            return LocalRedirect("/");
        }

        if (outcome.PasswordFault is { } fault)
        {
            ModelState.AddModelError(nameof(Password), fault);
            Email = (await FindAsync())?.Email;
        }

        return Page();
    }

    private async Task<ShopUser?> FindAsync()
        => ModelState.GetFieldValidationState(nameof(Token)) == Microsoft.AspNetCore.Mvc.ModelBinding.ModelValidationState.Invalid
            ? null : await reset.FindAsync(Id, Token);
}
