using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using SecureShop.Identity.Administration;
using SecureShop.ServiceDefaults.Paging;

namespace SecureShop.Identity.Pages.Admin;

/// <summary>Accounts, found by how their addresses begin. Only <see cref="AdminGate"/> lets anybody here.</summary>
internal sealed class UsersModel(AccountSearch search) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public string? Email { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? After { get; set; }

    public bool FormExpired { get; private set; }

    public Page<AccountSummary> Accounts { get; private set; } = new([], null);

    public async Task OnGetAsync(CancellationToken cancellationToken, bool expired = false)
    {
        FormExpired = expired;
        if (Email is { Length: > EmailAddress.MaxLength })
            Email = null;
        Accounts = await search.FindAsync(Email ?? "", After, cancellationToken);
    }
}
