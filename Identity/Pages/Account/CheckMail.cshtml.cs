using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace SecureShop.Identity.Pages.Account;

/// <summary>After registering: what to do now, and the letter once more. It says nothing about whether there is an account.</summary>
internal sealed class CheckMailModel(Confirmation confirmation, IAuthorizationRequests requests) : PageModel
{
    [BindProperty]
    [Required(ErrorMessage = "Enter your e-mail address.")]
    [PossibleEmailAddress(ErrorMessage = "That is no e-mail address.")]
    public string Email { get; set; } = "";

    [BindProperty(SupportsGet = true)]
    [StringLength(4096)]
    public string? ReturnUrl { get; set; }

    public bool SentAgain { get; private set; }

    public bool FormExpired { get; private set; }

    public string? Fault { get; private set; }

    public async Task OnGetAsync(bool again = false, bool expired = false)
    {
        await ReadRequestAsync();
        (SentAgain, FormExpired) = (again, expired);
        Email = TempData.Peek(LoginModel.EmailNote) as string ?? "";
        ModelState.Clear();
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        await ReadRequestAsync();
        if (!ModelState.IsValid)
            return Page();
        if (await confirmation.WriteAgainAsync(Email, HttpContext.Connection.RemoteIpAddress, cancellationToken) is { } wait)
        {
            Fault = Response.TooMany(wait);
            return Page();
        }

        return RedirectToPage(new { ReturnUrl, again = true });
    }

    private async Task ReadRequestAsync()
    {
        if (await requests.ReadReturnUrlAsync(HttpContext, ReturnUrl) is null)
            ReturnUrl = null;
    }
}
