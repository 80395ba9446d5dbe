using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using SecureShop.Identity.Data;

namespace SecureShop.Identity.Accounts;

/// <summary>
/// Looks at the account behind a session now and then: one whose password has changed, or that was disabled or removed, ends it. The
/// framework's own would then sign out of a second factor that this server does not have, and answer with a failure.
/// </summary>
internal sealed class SessionValidator(IOptions<SecurityStampValidatorOptions> options, SignInManager<ShopUser> signIn, ILoggerFactory loggers)
    : SecurityStampValidator<ShopUser>(options, signIn, loggers)
{
    public override async Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        if (context.Properties.IssuedUtc is { } issued && TimeProvider.GetUtcNow() - issued <= Options.ValidationInterval)
            return;
        if (await VerifySecurityStamp(context.Principal) is { IsDisabled: false } user)
        {
            await SecurityStampVerified(user, context);
            return;
        }

        context.RejectPrincipal();
        await SignInManager.SignOutAsync();
    }
}
