using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Mvc;

namespace SecureShop.Identity.Pages.Account.Manage;

/// <summary>Adds a passkey.</summary>
[FreshFactor]
internal sealed class AddPasskeyModel(
    UserManager<ShopUser> users, SecondFactors factors, PasskeyCeremonies ceremonies, PendingSignIn pending, IAuthorizationRequests requests, SecurityLog security)
    : FactorPageModel(users, requests)
{
    public const int MaxName = 60;

    [BindProperty]
    [Required(ErrorMessage = "Give it a name.")]
    [PlainText(MaxName, ErrorMessage = "Use at most 60 characters, and none that are invisible.")]
    public string Name { get; set; } = "";

    [BindProperty]
    [StringLength(4096)]
    public string State { get; set; } = "";

    [BindProperty]
    [StringLength(8192)]
    public string Credential { get; set; } = "";

    public async Task OnGetAsync(bool expired = false)
    {
        await OpenAsync();
        FormExpired = expired;
        ModelState.Clear();
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        var user = await OpenAsync();
        if (!ModelState.IsValid)
            return Page();
        if (await ceremonies.FinishAddingAsync(HttpContext, user, State, Credential, cancellationToken) is not { } passkey)
        {
            security.ForCurrentRequest(StatusCodes.Status200OK).PasskeyRefused();
            Fault = "That passkey was not accepted, or it took too long. Please try again.";
            return Page();
        }

        var isFirst = !user.TwoFactorEnabled;
        passkey.Name = NormalizedText.Shown(Name);
        var change = await factors.AddPasskeyAsync(user, passkey, cancellationToken);
        if (change == FactorChange.Done)
        {
            await pending.FinishAsync(HttpContext, user, Amr.Key, cancellationToken);
            if (isFirst)
                Codes = await factors.NewRecoveryCodesAsync(user, cancellationToken);
        }

        return Answer(change, "added");
    }
}
