using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using SecureShop.Identity.Administration;

namespace SecureShop.Identity.Pages.Admin;

/// <summary>An account, found by its address or id. Only <see cref="AdminGate"/> lets anybody here.</summary>
internal sealed class UsersModel(AccountSearch search) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public string? Account { get; set; }

    public bool FormExpired { get; private set; }

    public AccountSummary? Found { get; private set; }

    public async Task OnGetAsync(CancellationToken cancellationToken, bool expired = false)
    {
        FormExpired = expired;
        Account = Account?.Trim() is { Length: > 0 and <= EmailAddress.MaxLength } text ? text : null;
        Found = Account is null ? null : await search.FindAsync(Account, cancellationToken);
    }
}
