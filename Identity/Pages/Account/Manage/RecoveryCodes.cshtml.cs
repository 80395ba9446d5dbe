using Microsoft.AspNetCore.Mvc;

namespace SecureShop.Identity.Pages.Account.Manage;

/// <summary>New recovery codes.</summary>
[FreshFactor]
internal sealed class RecoveryCodesModel(UserManager<ShopUser> users, SecondFactors factors, IAuthorizationRequests requests) : FactorPageModel(users, requests)
{
    public void OnGet(bool expired = false) => FormExpired = expired;

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        var user = await OpenAsync();

        // Without a factor there is nothing that they would stand in for.
        if (!user.TwoFactorEnabled)
            return RedirectToPage("/Account/Manage/Security");
        Codes = await factors.NewRecoveryCodesAsync(user, cancellationToken);
        return Page();
    }
}
