using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace SecureShop.Identity.Factors;

/// <summary>
/// On pages that change factors: as <see cref="FreshSessionAttribute"/>, and of an account that has a second factor that one must have
/// been shown. Else a password and an open browser would be enough to take the factor away.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class FreshFactorAttribute : Attribute, IAsyncPageFilter
{
    public Task OnPageHandlerSelectionAsync(PageHandlerSelectedContext context) => Task.CompletedTask;

    public async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        var http = context.HttpContext;
        var services = http.RequestServices;
        var hasFactor = await services.GetRequiredService<UserManager<ShopUser>>().GetUserAsync(http.User) is { TwoFactorEnabled: true };
        if (ShopSession.Of(http.User) is { } session && FreshSessionAttribute.IsFresh(session, services.GetRequiredService<TimeProvider>())
            && (!hasFactor || Acr.Reaches(session.Acr, Acr.MultiFactor)))
        {
            await next();
            return;
        }

        // Back to the page itself; what was posted is not done.
        var back = HttpMethods.IsGet(http.Request.Method) ? $"{http.Request.Path}{http.Request.QueryString}" : http.Request.Path.ToString();
        context.Result = new LocalRedirectResult(QueryHelpers.AddQueryString(hasFactor ? PendingSignIn.Path : Paths.LoginPage, "returnUrl", back));
    }
}
