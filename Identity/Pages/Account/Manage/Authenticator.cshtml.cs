using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Mvc;

namespace SecureShop.Identity.Pages.Account.Manage;

/// <summary>Sets an authenticator app up, by a code that it shows; replaces and removes it.</summary>
[FreshFactor]
internal sealed class AuthenticatorModel(
    UserManager<ShopUser> users, SecondFactors factors, AuthenticatorSetup setups, PendingSignIn pending, TimeProvider clock, IAuthorizationRequests requests)
    : FactorPageModel(users, requests)
{
    private string key = "";

    [BindProperty]
    [Required(ErrorMessage = "Enter the code.")]
    [StringLength(SecondFactorModel.MaxCode, ErrorMessage = "That is too long for a code.")]
    public string Code { get; set; } = "";

    /// <summary>The key that the form is about, sealed.</summary>
    [BindProperty]
    [StringLength(1024)]
    public string? Setup { get; set; }

    public bool Exists { get; private set; }

    public string Address { get; private set; } = "";

    public string KeyInGroups => string.Join(' ', key.Chunk(4).Select(group => new string(group)));

    public async Task OnGetAsync(bool expired, CancellationToken cancellationToken)
    {
        FormExpired = expired;
        ModelState.Clear();
        await ShowAsync(await OpenAsync(), cancellationToken);
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        var user = await OpenAsync();
        var isFirst = await ShowAsync(user, cancellationToken) == 0;
        if (!ModelState.IsValid)
            return Page();
        if (OneTimeCodes.StepOf(key, string.Concat(Code.Where(char.IsAsciiDigit)), clock.GetUtcNow()) is not { } step)
        {
            Fault = "That code is not right. Look whether the app shows this account, and whether your phone's clock is right.";
            return Page();
        }

        var change = await factors.AddAuthenticatorAsync(user, key, step, cancellationToken);
        if (change == FactorChange.Done)
        {
            await pending.FinishAsync(HttpContext, user, Amr.OneTimePassword, cancellationToken);
            if (isFirst)
                Codes = await factors.NewRecoveryCodesAsync(user, cancellationToken);
        }

        return Answer(change, "added");
    }

    public async Task<IActionResult> OnPostRemoveAsync(CancellationToken cancellationToken)
    {
        ModelState.Clear();
        var user = await OpenAsync();
        await ShowAsync(user, cancellationToken);
        return Answer(await factors.RemoveAuthenticatorAsync(user, cancellationToken), "removed");
    }

    // With the key of the form, or a new one where that is too old.
    private async Task<int> ShowAsync(ShopUser user, CancellationToken cancellationToken)
    {
        if (Setup is null || setups.Open(user, Setup) is not { } open)
            (open, Setup) = setups.Begin(user);
        key = open;
        Address = AuthenticatorSetup.Address(user.Email!, key);
        var has = await factors.OfAsync(user, cancellationToken);
        Exists = has.AuthenticatorAddedAt is not null;
        return has.Count;
    }
}
