using Microsoft.AspNetCore.Mvc;

namespace SecureShop.Identity.Pages.Account.Manage;

/// <summary>The factors of one's own account.</summary>
internal sealed class SecurityModel(UserManager<ShopUser> users, SecondFactors factors, IAuthorizationRequests requests) : FactorPageModel(users, requests)
{
    /// <summary>What has just been done, by a fixed name: no text comes in with an address.</summary>
    public string? Done { get; private set; }

    public bool Needed { get; private set; }

    public FactorSummary Factors { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(string? done, bool needed, CancellationToken cancellationToken)
    {
        var user = await OpenAsync();
        Factors = await factors.OfAsync(user, cancellationToken);
        Needed = needed;
        (Done, Fault) = done switch
        {
            "added" => ("Added. We have written to you about it.", null),
            "removed" => ("Removed. We have written to you about it.", null),
            "renamed" => ("Renamed.", null),
            _ => ((string?)null, Fault),
        };
        return Page();
    }

    public static string IdOf(UserPasskeyInfo passkey) => WebEncoders.Base64UrlEncode(passkey.CredentialId);
}
