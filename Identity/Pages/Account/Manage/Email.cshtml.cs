using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace SecureShop.Identity.Pages.Account.Manage;

/// <summary>Asks for another e-mail address, and confirms it by the link of the letter there.</summary>
[FreshSession]
internal sealed class EmailModel(UserManager<ShopUser> users, EmailChange change) : PageModel
{
    private const string DeadLink = "This link does not work: it has been used, is older than a day, belongs to another account, or the address is taken by now.";

    [BindProperty(SupportsGet = true)]
    [Required(ErrorMessage = "Enter the new address.")]
    [PossibleEmailAddress(ErrorMessage = "That is no e-mail address.")]
    public string? Address { get; set; }

    [BindProperty(SupportsGet = true)]
    [StringLength(1024)]
    public string? Token { get; set; }

    public string Present { get; private set; } = "";

    /// <summary>Whether the page was opened by a link that is good.</summary>
    public bool IsLink { get; private set; }

    public bool Sent { get; private set; }

    public bool Saved { get; private set; }

    public bool FormExpired { get; private set; }

    public string? Fault { get; private set; }

    public async Task<IActionResult> OnGetAsync(bool sent = false, bool saved = false, bool expired = false)
    {
        if (await users.GetUserAsync(User) is not { } user)
            return Challenge();
        (Present, Sent, Saved, FormExpired) = (user.Email!, sent, saved, expired);
        if (Token is not null)
        {
            IsLink = ModelState.IsValid && await change.IsGoodAsync(user, Address!, Token);
            Fault = IsLink ? null : DeadLink;
        }

        if (!IsLink)
            Address = null;
        ModelState.Clear();
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        if (await users.GetUserAsync(User) is not { } user)
            return Challenge();
        Present = user.Email!;
        if (!ModelState.IsValid)
            return Page();
        if (await change.AskAsync(user, Address!, HttpContext.Connection.RemoteIpAddress, cancellationToken) is { } wait)
        {
            Fault = Response.TooMany(wait);
            return Page();
        }

        return RedirectToPage(new { sent = true });
    }

    public async Task<IActionResult> OnPostConfirmAsync(CancellationToken cancellationToken)
    {
        if (ShopSession.Of(User) is not { } session || await users.GetUserAsync(User) is not { } user)
            return Challenge();
        Present = user.Email!;
        if (!ModelState.IsValid || !await change.ConfirmAsync(user, Address!, Token ?? "", session.Id, cancellationToken))
        {
            Fault = DeadLink;
            Address = null;
            return Page();
        }

        return RedirectToPage(new { saved = true });
    }
}
