using Microsoft.AspNetCore.Mvc;
using SecureShop.Identity.Administration;

namespace SecureShop.Identity.Pages.Admin;

/// <summary>
/// On every page of the folder Admin: its person is an administrator today, has shown two factors, and one of them within minutes.
/// Whoever has the browser or the cookie of an administrator has not their hands and their phone.
/// </summary>
internal sealed class AdminGate : IPageGate
{
    public async Task<IActionResult?> RefuseAsync(HttpContext http, ShopSession? session)
    {
        if (session is null)
            return IPageGate.AskAt(Paths.LoginPage, http);
        var database = http.RequestServices.GetRequiredService<IdentityDbContext>();
        if (!await database.Admins().AnyAsync(admin => admin.Id == Guid.Parse(session.Subject), http.RequestAborted))
        {
            SecurityLog.Of(http, StatusCodes.Status403Forbidden).AccessRefused(RefusalReason.MissingRole);
            return new StatusCodeResult(StatusCodes.Status403Forbidden);
        }

        return Acr.Reaches(session.Acr, Acr.MultiFactor) && IPageGate.IsFresh(http, session) ? null : IPageGate.AskAt(PendingSignIn.Path, http);
    }
}
