using Microsoft.AspNetCore.Mvc;

namespace SecureShop.Identity.Pages.Account;

/// <summary>Sign-in by a passkey alone. It needs no address and no password, so whoever shut an account by wrong ones shuts nobody out.</summary>
internal sealed class PasskeyModel(PasskeyCeremonies ceremonies, ShopSessions sessions, IAuthorizationRequests requests, SecurityLog security)
    : PasskeyPageModel(requests, ceremonies, security)
{
    public async Task OnGetAsync(bool expired = false)
    {
        await ReadRequestAsync();
        FormExpired = expired;
        ModelState.Clear();
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        await ReadRequestAsync();
        if (await FinishAsync(cancellationToken) is not { } user)
        {
            IdentityMetrics.CountSignIn(IdentityRefusal.Passkey);
            Security.ForCurrentRequest(StatusCodes.Status200OK).PasskeyRefused();
            Fault = PasskeyFault;
            return Page();
        }

        await sessions.SignInAsync(HttpContext, user, [Amr.Key], cancellationToken);
        return SignedIn(user);
    }
}
