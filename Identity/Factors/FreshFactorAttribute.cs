using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.WebUtilities;
using SecureShop.Identity.Accounts;
using SecureShop.Identity.Data;
using SecureShop.Identity.Sessions;

namespace SecureShop.Identity.Factors;

/// <summary>
/// On pages that change factors: as <see cref="FreshSessionAttribute"/>, and of an account that has a second factor that one must have
/// been shown. Else a password and an open browser would be enough to take the factor away.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class FreshFactorAttribute : Attribute, IAsyncPageFilter
{
    private readonly FreshSessionAttribute session = new();

    public Task OnPageHandlerSelectionAsync(PageHandlerSelectedContext context) => Task.CompletedTask;

    public async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        var http = context.HttpContext;
        var services = http.RequestServices;
        if (await services.GetRequiredService<UserManager<ShopUser>>().GetUserAsync(http.User) is not { TwoFactorEnabled: true })
            await session.OnPageHandlerExecutionAsync(context, next);
        else if (ShopSession.Of(http.User) is { Acr: Acr.MultiFactor } shown && FreshSessionAttribute.IsFresh(shown, services.GetRequiredService<TimeProvider>()))
            await next();

        // Back to the page itself; what was posted is not done.
        else
            context.Result = new LocalRedirectResult(QueryHelpers.AddQueryString(PendingSignIn.Path, "returnUrl", http.Request.Path));
    }
}
