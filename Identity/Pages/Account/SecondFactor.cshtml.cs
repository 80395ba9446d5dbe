using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Mvc;

namespace SecureShop.Identity.Pages.Account;

/// <summary>The second factor: after a password, or of somebody who is signed in and wants more than a password allows.</summary>
internal sealed class SecondFactorModel(
    PendingSignIn pending, SecondFactors factors, FactorAttempts attempts, PasskeyCeremonies ceremonies, IAuthorizationRequests requests, SecurityLog security)
    : PasskeyPageModel(requests, ceremonies, security)
{
    public const int MaxCode = 32;

    [BindProperty]
    [Required(ErrorMessage = "Enter the code.")]
    [StringLength(MaxCode, ErrorMessage = "That is too long for a code.")]
    public string Code { get; set; } = "";

    public FactorSummary Factors { get; private set; } = null!;

    public string Email { get; private set; } = "";

    public bool IsStepUp { get; private set; }

    public bool UseRecoveryCode { get; private set; }

    public async Task<IActionResult> OnGetAsync(bool recovery, bool expired, CancellationToken cancellationToken)
    {
        (UseRecoveryCode, FormExpired) = (recovery, expired);
        ModelState.Clear();
        return await OpenAsync(cancellationToken) is null ? Elsewhere() : Page();
    }

    public async Task<IActionResult> OnPostCodeAsync(CancellationToken cancellationToken)
    {
        if (await OpenAsync(cancellationToken) is not { } user)
            return Elsewhere();
        return ModelState.IsValid ? await GoOnAsync(user, await attempts.CodeAsync(user, Code, cancellationToken), "That code is not right, or was used already. Wait for the next one.", cancellationToken) : Page();
    }

    public async Task<IActionResult> OnPostRecoveryCodeAsync(CancellationToken cancellationToken)
    {
        UseRecoveryCode = true;
        if (await OpenAsync(cancellationToken) is not { } user)
            return Elsewhere();
        return ModelState.IsValid ? await GoOnAsync(user, await attempts.RecoveryCodeAsync(user, Code, cancellationToken), "That is none of your recovery codes, or was used already.", cancellationToken) : Page();
    }

    public async Task<IActionResult> OnPostPasskeyAsync(CancellationToken cancellationToken)
    {
        if (await OpenAsync(cancellationToken) is not { } user)
            return Elsewhere();
        ModelState.Remove(nameof(Code));

        // Of this account: another person's passkey is no factor of theirs.
        var shown = (await FinishAsync(cancellationToken))?.Id == user.Id;
        if (!shown)
            Security.ForCurrentRequest(StatusCodes.Status200OK).FactorRefused(user.Id.ToString(), FactorName.Passkey, IdentityRefusal.Passkey);
        else
            Security.ForCurrentRequest(StatusCodes.Status302Found).FactorShown(user.Id.ToString(), FactorName.Passkey);
        return await GoOnAsync(user, new(shown ? Amr.Key : null), PasskeyFault, cancellationToken);
    }

    private async Task<ShopUser?> OpenAsync(CancellationToken cancellationToken)
    {
        await ReadRequestAsync();
        if (await pending.FindAsync(HttpContext) is not { } user)
            return null;
        Factors = await factors.OfAsync(user, cancellationToken);
        Email = user.Email!;
        IsStepUp = await pending.IsStepUpAsync(HttpContext);
        return Factors.Count > 0 ? user : null;
    }

    // Who has no factor yet sets one up; who is nobody yet, or took too long, signs in.
    private RedirectToPageResult Elsewhere() => User.Identity?.IsAuthenticated == true
        ? RedirectToPage("/Account/Manage/Security", new { ReturnUrl, needed = true })
        : RedirectToPage("/Account/Login", new { ReturnUrl });

    private async Task<IActionResult> GoOnAsync(ShopUser user, FactorOutcome outcome, string fault, CancellationToken cancellationToken)
    {
        if (outcome.RetryAfter is { } wait)
        {
            Fault = Response.TooMany(wait);
            return Page();
        }

        if (outcome.Method is not { } method)
        {
            Fault = fault;
            Code = "";
            return Page();
        }

        await pending.FinishAsync(HttpContext, user, method, cancellationToken);
        return SignedIn(user);
    }
}
