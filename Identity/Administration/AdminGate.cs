using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace SecureShop.Identity.Administration;

/// <summary>
/// On every page of the folder Admin: its person is an administrator today, has shown two factors, and one of them within minutes.
/// Whoever has the browser or the cookie of an administrator has not their hands and their phone.
/// </summary>
internal sealed class AdminGate : IAsyncPageFilter
{
    public Task OnPageHandlerSelectionAsync(PageHandlerSelectedContext context) => Task.CompletedTask;

    public async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        var http = context.HttpContext;
        var services = http.RequestServices;
        var session = ShopSession.Of(http.User);
        if (session is null)
        {
            context.Result = AskAt(Paths.LoginPage, http);
        }
        else if (!await services.GetRequiredService<IdentityDbContext>().Admins().AnyAsync(admin => admin.Id == Guid.Parse(session.Subject), http.RequestAborted))
        {
            SecurityLog.Of(http, StatusCodes.Status403Forbidden).AccessRefused(RefusalReason.MissingRole);
            context.Result = new StatusCodeResult(StatusCodes.Status403Forbidden);
        }
        else if (!Acr.Reaches(session.Acr, Acr.MultiFactor) || !FreshSessionAttribute.IsFresh(session, services.GetRequiredService<TimeProvider>()))
        {
            context.Result = AskAt(PendingSignIn.Path, http);
        }
        else
        {
            await next();
        }
    }

    // Back to the page itself; what was posted is not done.
    private static LocalRedirectResult AskAt(string page, HttpContext http) => new(QueryHelpers.AddQueryString(page, "returnUrl", $"{http.Request.Path}{http.Request.QueryString}"));
}
