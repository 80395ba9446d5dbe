using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace SecureShop.Identity.Pages.Account.Manage;

/// <summary>A page about the factors of whoever is signed in, who may be on the way to somewhere that needs one.</summary>
internal abstract class FactorPageModel(UserManager<ShopUser> users, IAuthorizationRequests requests) : PageModel
{
    [BindProperty(SupportsGet = true)]
    [StringLength(4096)]
    public string? ReturnUrl { get; set; }

    public string? Fault { get; protected set; }

    /// <summary>Shown once, when the first factor was added or new ones were asked for.</summary>
    public IReadOnlyList<string> Codes { get; protected set; } = [];

    public bool FormExpired { get; protected set; }

    protected UserManager<ShopUser> Users => users;

    protected async Task<ShopUser> OpenAsync()
    {
        if (await requests.ReadReturnUrlAsync(HttpContext, ReturnUrl) is null && !ReturnUrls.IsOwnPage(HttpContext, ReturnUrl))
            ReturnUrl = null;
        return await users.GetUserAsync(User) ?? throw new InvalidOperationException("The session is nobody's.");
    }

    /// <summary>Where a change leads: to the codes, on the way, back to the list, or to words about why not.</summary>
    protected IActionResult Answer(FactorChange change, string done)
    {
        switch (change)
        {
            case FactorChange.Done:
                return Codes.Count > 0 ? Page() : ReturnUrl is not null ? Redirect(ReturnUrl) : RedirectToPage("/Account/Manage/Security", new { done });
            case FactorChange.LastOne:
                Fault = "This is your last factor, and your role in the shop needs one. Add another one first.";
                return Page();
            case FactorChange.TooMany:
                Fault = $"You have {SecondFactors.MaxPasskeys} passkeys. Remove one that you no longer use first.";
                return Page();
            default:
                Fault = "Your account was changed in another window at the same time. Please try again.";
                return Page();
        }
    }
}
