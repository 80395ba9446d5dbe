using System.Net.Mime;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using SecureShop.Identity.PersonalData;
using SecureShop.Storage.Audit;
using SecureShop.Storage.PersonalData;

namespace SecureShop.Identity.Pages.Account.Manage;

/// <summary>One's own data: what happened lately, a copy of all of it, and its end.</summary>
[FreshFactor]
internal sealed class DataModel(PersonalExport export, PersonalRequests requests, Erasure erasure, IdentityDbContext database, ShopSessions sessions) : PageModel
{
    private const int Shown = 20;

    private static readonly JsonSerializerOptions Readable = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    [BindProperty]
    public string? Email { get; set; }

    public bool Erased { get; private set; }

    public bool FormExpired { get; private set; }

    public IReadOnlyList<AuditRow> Latest { get; private set; } = [];

    /// <summary>The copy that was asked for, and how far it is.</summary>
    public PersonalRequest? Copy { get; private set; }

    private Guid Person => Guid.Parse(User.Subject());

    public async Task OnGetAsync(CancellationToken cancellationToken, bool expired = false)
    {
        FormExpired = expired;
        ModelState.Clear();
        await ReadAsync(cancellationToken);
    }

    public async Task<IActionResult> OnPostExportAsync(CancellationToken cancellationToken)
    {
        await requests.StartExportAsync(User.Subject(), cancellationToken);
        return RedirectToPage();
    }

    public async Task<IActionResult> OnPostDownloadAsync(CancellationToken cancellationToken)
    {
        // Not complete yet, or over: the page says which.
        if (await export.GatherAsync(Person, cancellationToken) is not { } document)
            return RedirectToPage();
        Response.ContentType = MediaTypeNames.Application.Json;
        Response.Headers.ContentDisposition = "attachment; filename=\"secureshop-my-data.json\"";
        Response.Headers.CacheControl = "no-store";
        await JsonSerializer.SerializeAsync(Response.Body, document, Readable, cancellationToken);
        return new EmptyResult();
    }

    public async Task<IActionResult> OnPostEraseAsync(CancellationToken cancellationToken)
    {
        var outcome = await erasure.EraseAsync(Person, Email ?? "", cancellationToken);
        if (outcome == ErasureOutcome.Done)
        {
            await sessions.SignOutAsync(HttpContext, cancellationToken);
            Erased = true;
            return Page();
        }

        ModelState.AddModelError(nameof(Email), outcome == ErasureOutcome.LastAdmin
            ? "You are the last administrator. Make somebody else one first: without any, nobody could."
            : "Type the e-mail address of your account, as it stands there.");
        await ReadAsync(cancellationToken);
        return Page();
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        Latest = await database.AuditAbout(Person).Take(Shown).ToListAsync(cancellationToken);
        Copy = await requests.FindExportAsync(User.Subject(), cancellationToken);
    }
}
