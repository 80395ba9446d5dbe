using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace SecureShop.Identity.Pages.Account;

/// <summary>Where the link of a registration leads. Opening it changes nothing: programs that look for malware in mail open links, too.</summary>
internal sealed class ConfirmEmailModel(Confirmation confirmation, ShopSessions sessions, SecurityLog security) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public Guid Id { get; set; }

    [BindProperty(SupportsGet = true)]
    [StringLength(1024)]
    public string Token { get; set; } = "";

    [BindProperty]
    [Required(ErrorMessage = "Enter your password.")]
    [PossiblePassword(ErrorMessage = "That is too long for a password.")]
    public string Password { get; set; } = "";

    /// <summary>The address that the link confirms; null where it confirms none.</summary>
    public string? Email { get; private set; }

    public bool FormExpired { get; private set; }

    public string? Fault { get; private set; }

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

        var outcome = await confirmation.ConfirmAsync(Id, Token, Password, cancellationToken);
        if (outcome.User is { } user)
        {
            await sessions.SignInAsync(HttpContext, user, [Amr.Password], cancellationToken);
            security.SignedIn(user, client: null);
            return LocalRedirect("/");
        }

        Email = (await FindAsync())?.Email;
        Fault = outcome.RetryAfter is { } wait ? Response.TooMany(wait) : "That is not the password of this account.";
        return Page();
    }

    private async Task<ShopUser?> FindAsync()
        => ModelState.GetFieldValidationState(nameof(Token)) == Microsoft.AspNetCore.Mvc.ModelBinding.ModelValidationState.Invalid
            ? null : await confirmation.FindAsync(Id, Token);
}
