using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace SecureShop.Identity.Pages.Account;

/// <summary>Asks whether a client may have what it asks for: for this request, and never remembered.</summary>
internal sealed class ConsentModel(IAuthorizationRequests requests, RequestMarks marks) : PageModel
{
    [BindProperty(SupportsGet = true)]
    [StringLength(4096)]
    public string? ReturnUrl { get; set; }

    public string ClientName { get; private set; } = "";

    /// <summary>Where the answer goes, so that people can tell a stranger's program from ours.</summary>
    public string Destination { get; private set; } = "";

    public IReadOnlyList<ShopScope> Scopes { get; private set; } = [];

    public bool FormExpired { get; private set; }

    public async Task<IActionResult> OnGetAsync(bool expired = false)
    {
        FormExpired = expired;
        return await ReadAsync() is { Needs: Interaction.Consent } ? Page() : new LocalRedirectResult(ReturnUrl ?? "/");
    }

    public async Task<IActionResult> OnPostAsync(string? answer)
    {
        if (await ReadAsync() is not { Needs: Interaction.Consent } request)
            return new LocalRedirectResult("/");

        // Only the word of the button that allows: what is missing or unknown is a refusal.
        var session = ShopSession.Of(User)?.Id;
        marks.Answer(HttpContext, request, mark => answer == "allow" ? mark with { AllowedBy = session } : mark with { Refused = true });
        return new LocalRedirectResult(request.ReturnUrl);
    }

    private async Task<AuthorizationRequest?> ReadAsync()
    {
        var request = await requests.ReadReturnUrlAsync(HttpContext, ReturnUrl);
        ReturnUrl = request?.ReturnUrl;
        if (request is null)
            return null;
        ClientName = request.Client.Name;
        Destination = new Uri(request.RedirectUri) is { Scheme: "https" } web ? web.Authority : "a program on this device";
        Scopes = [.. request.Scopes.Select(ShopScopes.Find).OfType<ShopScope>()];
        return request;
    }
}
