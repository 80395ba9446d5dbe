using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace SecureShop.Identity.Pages;

/// <summary>Lets only some of those who are signed in to a page.</summary>
internal interface IPageGate : IAsyncPageFilter
{
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(10);

    /// <summary>What is answered instead of the page; null where it may be opened.</summary>
    Task<IActionResult?> RefuseAsync(HttpContext http, ShopSession? session);

    Task IAsyncPageFilter.OnPageHandlerSelectionAsync(PageHandlerSelectedContext context) => Task.CompletedTask;

    async Task IAsyncPageFilter.OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        context.Result = await RefuseAsync(context.HttpContext, ShopSession.Of(context.HttpContext.User));
        if (context.Result is null)
            await next();
    }

    /// <summary>Whether <paramref name="session"/> is that of somebody who has shown within minutes who they are.</summary>
    static bool IsFresh(HttpContext http, ShopSession session)
        => http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow() - session.AuthenticatedAt <= Fresh;

    /// <summary>Has it shown at <paramref name="page"/>, and leads back to the page itself, with what its address says; what was posted is not done.</summary>
    static IActionResult AskAt(string page, HttpContext http)
    {
        var query = QueryString.Create(http.Request.Query.Where(part => part.Key != "handler"));
        return new LocalRedirectResult(QueryHelpers.AddQueryString(page, "returnUrl", $"{http.Request.Path}{query}"));
    }
}

/// <summary>
/// On pages that change what an account is protected by, or give away what is its person's alone: a sign-in or factor of the last ten
/// minutes is needed. Whoever finds a browser open, or copied its cookie, has the session but not the password.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class FreshSessionAttribute : Attribute, IPageGate
{
    public Task<IActionResult?> RefuseAsync(HttpContext http, ShopSession? session)
        => Task.FromResult(session is not null && IPageGate.IsFresh(http, session) ? null : IPageGate.AskAt(Paths.LoginPage, http));
}

/// <summary>
/// On pages that change factors: as <see cref="FreshSessionAttribute"/>, and of an account that has a second factor that one must have
/// been shown. Else a password and an open browser would be enough to take the factor away.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class FreshFactorAttribute : Attribute, IPageGate
{
    public async Task<IActionResult?> RefuseAsync(HttpContext http, ShopSession? session)
    {
        var hasFactor = await http.RequestServices.GetRequiredService<UserManager<ShopUser>>().GetUserAsync(http.User) is { TwoFactorEnabled: true };
        return session is not null && IPageGate.IsFresh(http, session) && (!hasFactor || Acr.Reaches(session.Acr, Acr.MultiFactor))
            ? null
            : IPageGate.AskAt(hasFactor ? PendingSignIn.Path : Paths.LoginPage, http);
    }
}
