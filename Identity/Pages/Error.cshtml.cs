using System.Diagnostics;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace SecureShop.Identity.Pages;

/// <summary>Where the token server sends a person whose request it cannot hand back to a client. Says the standard's error code, no more.</summary>
internal sealed class ErrorModel(IIdentityServerInteractionService interaction) : PageModel
{
    public string? Code { get; private set; }

    public string Trace => Activity.Current?.TraceId.ToString() ?? HttpContext.TraceIdentifier;

    public async Task OnGetAsync(string? errorId)
        => Code = (await interaction.GetErrorContextAsync(errorId))?.Error;
}
