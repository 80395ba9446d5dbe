using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace SecureShop.Identity.Pages.Account.Manage;

/// <summary>One's own API keys.</summary>
[FreshFactor]
internal sealed class KeysModel(ApiKeyManager keys) : PageModel
{
    public static IReadOnlyList<int> Lifetimes { get; } = [30, 90, 180, ApiKeyManager.MaxDays];

    /// <summary>Hours.</summary>
    public static IReadOnlyList<int> Overlaps { get; } = [0, 1, ApiKeyManager.MaxOverlapHours];

    [BindProperty]
    [Required(ErrorMessage = "Give the key a name.")]
    [PlainText(ApiKeyRow.NameLength, ErrorMessage = "Use at most 60 characters, and none that are invisible.")]
    public string Name { get; set; } = "";

    [BindProperty]
    public List<string> Scope { get; set; } = [];

    [BindProperty]
    public int Days { get; set; } = 90;

    /// <summary>What was made just now; no page shows it again.</summary>
    public NewApiKey? Made { get; private set; }

    public string? Done { get; private set; }

    public string? Fault { get; private set; }

    public bool FormExpired { get; private set; }

    public IReadOnlyList<ApiKeyRow> Keys { get; private set; } = [];

    public IReadOnlyList<string> Grantable { get; private set; } = [];

    private Guid Owner => Guid.Parse(User.Subject());

    public async Task OnGetAsync(CancellationToken cancellationToken, bool expired = false, bool revoked = false)
    {
        FormExpired = expired;
        Done = revoked ? "The key is revoked. Programs that still use it are refused from now on." : null;
        ModelState.Clear();
        await ReadAsync(cancellationToken);
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        if (Scope.Count == 0)
            ModelState.AddModelError(nameof(Scope), "Choose at least one thing that the key may do.");
        if (!Lifetimes.Contains(Days))
            ModelState.AddModelError(nameof(Days), "Choose how long the key is good for.");
        if (ModelState.IsValid)
        {
            Made = await keys.CreateAsync(Owner, NormalizedText.Shown(Name), Scope, Days, cancellationToken);
            Fault = Made is null ? $"No key was made: there are {ApiKeyManager.MaxKeys} already, or you may not do what it was to be for. Revoke one, or choose anew." : null;
        }

        await ReadAsync(cancellationToken);
        return Page();
    }

    public async Task<IActionResult> OnPostRotateAsync(Guid id, int hours, CancellationToken cancellationToken)
    {
        ModelState.Clear();
        Made = Overlaps.Contains(hours) ? await keys.RotateAsync(Owner, id, TimeSpan.FromHours(hours), cancellationToken) : null;
        Fault = Made is null ? $"The key was not replaced: it is not there any more, was replaced before, or there are {ApiKeyManager.MaxKeys} keys already." : null;
        await ReadAsync(cancellationToken);
        return Page();
    }

    public async Task<IActionResult> OnPostRevokeAsync(Guid id, CancellationToken cancellationToken)
    {
        await keys.RevokeAsync(Owner, id, cancellationToken);
        return RedirectToPage(new { revoked = true });
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        Keys = await keys.ListAsync(Owner, cancellationToken);
        Grantable = await keys.GrantableAsync(Owner);
    }
}
