using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace SecureShop.Identity.Pages.Account;

/// <summary>Sign-out, always by a post: a link or an image on another site must not end a session.</summary>
internal sealed class LogoutModel(ShopSessions sessions, ISignOutRequests requests, SecurityLog security) : PageModel
{
    [BindProperty(SupportsGet = true)]
    [StringLength(4096)]
    public string? LogoutId { get; set; }

    public bool SignedOut { get; private set; }

    public string? BackTo { get; private set; }

    public string? ClientName { get; private set; }

    public bool FormExpired { get; private set; }

    public async Task OnGetAsync(bool expired = false)
    {
        FormExpired = expired;
        await ReadRequestAsync();

        // An old form, too, of somebody who has signed out meanwhile.
        SignedOut = User.Identity?.IsAuthenticated != true;
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        await ReadRequestAsync();
        if (User.SubjectOrNull() is { } subject)
        {
            await sessions.SignOutAsync(HttpContext, cancellationToken);
            security.ForCurrentRequest(StatusCodes.Status200OK).SignedOut(subject);
        }

        // The address comes from the client's registration, matched by the token server, which sealed it.
        if (BackTo is not null)
            return new RedirectResult(BackTo);
        SignedOut = true;
        return Page();
    }

    private async Task ReadRequestAsync()
    {
        var request = await requests.FindAsync(LogoutId);
        BackTo = request?.RedirectUri;
        ClientName = request?.Client?.Name;
        if (BackTo is not null)
            HttpContext.AllowFormToEndAt(BackTo);
    }
}
