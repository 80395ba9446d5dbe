using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using SecureShop.Identity.Administration;

namespace SecureShop.Identity.Pages.Admin;

/// <summary>One account, and what an administrator may do about it. Only <see cref="AdminGate"/> lets anybody here.</summary>
internal sealed class UserModel(AccountSearch search, AccountAdministration administration) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public Guid Id { get; set; }

    public AccountSummary Account { get; private set; } = null!;

    public string? Done { get; private set; }

    public string? Fault { get; private set; }

    /// <summary>Nobody changes their own rights; the page does not offer it either.</summary>
    public bool IsOwn => Id == Actor;

    private Guid Actor => Guid.Parse(User.Subject());

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken, bool expired = false, bool done = false)
    {
        // A form that was open for too long has lost whose it was.
        if (expired)
            return RedirectToPage("Users", new { expired });
        Done = done ? "Done. The person is told by a letter." : null;
        return await ShowAsync(cancellationToken);
    }

    public async Task<IActionResult> OnPostGrantAsync(string role, CancellationToken cancellationToken)
        => await AfterAsync(await administration.GrantAsync(Actor, Id, role, cancellationToken), cancellationToken);

    public async Task<IActionResult> OnPostTakeAsync(string role, CancellationToken cancellationToken)
        => await AfterAsync(await administration.TakeAsync(Actor, Id, role, cancellationToken), cancellationToken);

    public async Task<IActionResult> OnPostDisableAsync(CancellationToken cancellationToken)
        => await AfterAsync(await administration.DisableAsync(Actor, Id, cancellationToken), cancellationToken);

    public async Task<IActionResult> OnPostEnableAsync(CancellationToken cancellationToken)
        => await AfterAsync(await administration.EnableAsync(Actor, Id, cancellationToken), cancellationToken);

    public async Task<IActionResult> OnPostEndSessionsAsync(CancellationToken cancellationToken)
        => await AfterAsync(await administration.EndSessionsAsync(Actor, Id, cancellationToken), cancellationToken);

    private async Task<IActionResult> AfterAsync(AccountChange change, CancellationToken cancellationToken)
    {
        if (change == AccountChange.Done)
            return RedirectToPage(new { Id, done = true });
        Fault = change == AccountChange.Refused
            ? "That was refused: nobody changes their own account here, and one administrator has to stay."
            : "Nothing was changed: it was so already.";
        return await ShowAsync(cancellationToken);
    }

    private async Task<IActionResult> ShowAsync(CancellationToken cancellationToken)
    {
        if (await search.FindAsync(Id, cancellationToken) is not { } account)
            return NotFound();
        Account = account;
        return Page();
    }
}
