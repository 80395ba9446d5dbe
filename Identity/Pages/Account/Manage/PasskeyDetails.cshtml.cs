using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Mvc;

namespace SecureShop.Identity.Pages.Account.Manage;

/// <summary>Renames and removes a passkey of one's own. Another's is not there.</summary>
[FreshFactor]
internal sealed class PasskeyDetailsModel(UserManager<ShopUser> users, SecondFactors factors, IAuthorizationRequests requests) : FactorPageModel(users, requests)
{
    [BindProperty(SupportsGet = true)]
    [StringLength(1400)]
    public string Id { get; set; } = "";

    [BindProperty]
    [Required(ErrorMessage = "Give it a name.")]
    [PlainText(AddPasskeyModel.MaxName, ErrorMessage = "Use at most 60 characters, and none that are invisible.")]
    public string Name { get; set; } = "";

    public UserPasskeyInfo Passkey { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(bool expired = false)
    {
        if (await FindAsync() is null)
            return RedirectToPage("/Account/Manage/Security");
        FormExpired = expired;
        Name = Passkey.Name ?? "";
        ModelState.Clear();
        return Page();
    }

    public async Task<IActionResult> OnPostRenameAsync()
    {
        if (await FindAsync() is not { } user)
            return RedirectToPage("/Account/Manage/Security");
        if (!ModelState.IsValid)
            return Page();
        Passkey.Name = NormalizedText.Shown(Name);
        return Answer(await factors.RenameAsync(user, Passkey), "renamed");
    }

    public async Task<IActionResult> OnPostRemoveAsync(CancellationToken cancellationToken)
    {
        if (await FindAsync() is not { } user)
            return RedirectToPage("/Account/Manage/Security");
        ModelState.Clear();
        Name = Passkey.Name ?? "";
        return Answer(await factors.RemovePasskeyAsync(user, Passkey.CredentialId, cancellationToken), "removed");
    }

    private async Task<ShopUser?> FindAsync()
    {
        var user = await OpenAsync();
        byte[] credential;
        try
        {
            credential = WebEncoders.Base64UrlDecode(Id);
        }
        catch (FormatException)
        {
            return null;
        }

        if (await Users.GetPasskeyAsync(user, credential) is not { } passkey)
            return null;
        Passkey = passkey;
        return user;
    }
}
