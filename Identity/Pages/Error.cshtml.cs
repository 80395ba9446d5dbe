using System.Diagnostics;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace SecureShop.Identity.Pages;

/// <summary>Where the token server sends a person whose request it cannot hand back to a client. Says the standard's error code, no more.</summary>
internal sealed class ErrorModel : PageModel
{
    private static readonly HashSet<string> Known = new(StringComparer.Ordinal)
    {
        "invalid_request", "invalid_client", "unauthorized_client", "access_denied", "unsupported_response_type", "invalid_scope",
        "server_error", "temporarily_unavailable", "invalid_request_uri", "invalid_target", "invalid_token",
    };

    public string? Code { get; private set; }

    public string Trace => Activity.Current?.TraceId.ToString() ?? HttpContext.TraceIdentifier;

    // A link could write anything onto our page: only words of the standards are shown.
    public void OnGet(string? reason) => Code = reason is not null && Known.Contains(reason) ? reason : null;
}
