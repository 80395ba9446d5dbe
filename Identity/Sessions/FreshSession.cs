using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace SecureShop.Identity.Sessions;

/// <summary>
/// On pages that change what an account is protected by, or give away what is its person's alone: a sign-in or factor of the last ten
/// minutes is needed. Whoever finds a browser open, or copied its cookie, has the session but not the password.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class FreshSessionAttribute : Attribute, IAsyncPageFilter
{
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(10);

    /// <summary>Whether <paramref name="session"/> is that of somebody who has just shown who they are.</summary>
    public static bool IsFresh(ShopSession session, TimeProvider clock) => clock.GetUtcNow() - session.AuthenticatedAt <= Fresh;

    public Task OnPageHandlerSelectionAsync(PageHandlerSelectedContext context) => Task.CompletedTask;

    public Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        var http = context.HttpContext;
        if (ShopSession.Of(http.User) is { } session && IsFresh(session, http.RequestServices.GetRequiredService<TimeProvider>()))
            return next();

        // Back to the page itself; what was posted is not done.
        context.Result = new LocalRedirectResult(QueryHelpers.AddQueryString(Paths.LoginPage, "returnUrl", http.Request.Path));
        return Task.CompletedTask;
    }
}
