using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace SecureShop.Identity.Pages.Account.Manage;

/// <summary>Who one is to the shop.</summary>
internal sealed class IndexModel(UserManager<ShopUser> users, SecurityLog security) : PageModel
{
    [BindProperty]
    [Required(ErrorMessage = "Enter your name.")]
    [PlainText(RegisterModel.MaxName, ErrorMessage = "Use at most 80 characters, and none that are invisible.")]
    public string DisplayName { get; set; } = "";

    public string Email { get; private set; } = "";

    public string Since { get; private set; } = "";

    public bool Saved { get; private set; }

    public bool FormExpired { get; private set; }

    public async Task<IActionResult> OnGetAsync(bool saved = false, bool expired = false)
    {
        if (await ReadAsync() is not { } user)
            return Challenge();
        (DisplayName, Saved, FormExpired) = (user.DisplayName, saved, expired);
        ModelState.Clear();
        return Page();
    }

    public async Task<IActionResult> OnPostAsync()
    {
        if (await ReadAsync() is not { } user)
            return Challenge();
        if (!ModelState.IsValid)
            return Page();
        user.DisplayName = NormalizedText.Shown(DisplayName);
        if (!(await users.UpdateAsync(user)).Succeeded)
        {
            ModelState.AddModelError(nameof(DisplayName), "Your account was changed in this moment, in another window perhaps. Please try again.");
            return Page();
        }

        security.ForCurrentRequest(StatusCodes.Status302Found).NameChanged(user.Id.ToString());
        return RedirectToPage(new { saved = true });
    }

    private async Task<ShopUser?> ReadAsync()
    {
        var user = await users.GetUserAsync(User);
        (Email, Since) = (user?.Email ?? "", user?.CreatedAt.ToString("d MMMM yyyy", CultureInfo.InvariantCulture) ?? "");
        return user;
    }
}
