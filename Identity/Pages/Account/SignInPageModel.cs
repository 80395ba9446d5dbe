using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace SecureShop.Identity.Pages.Account;

/// <summary>A page that ends a sign-in, and then goes on to where its person was on the way to.</summary>
internal abstract class SignInPageModel(IAuthorizationRequests requests, SecurityLog security) : PageModel
{
    [BindProperty(SupportsGet = true)]
    [StringLength(4096)]
    public string? ReturnUrl { get; set; }

    public string? Fault { get; protected set; }

    public bool FormExpired { get; protected set; }

    [BindNever]
    protected SecurityLog Security => security;

    /// <summary>The client's request that waits for this sign-in, once it is read.</summary>
    [BindNever]
    protected AuthorizationRequest? ClientRequest { get; private set; }

    protected async Task ReadRequestAsync()
    {
        ClientRequest = await requests.ReadReturnUrlAsync(HttpContext, ReturnUrl);
        if (ClientRequest is null && !ReturnUrls.IsOwnPage(HttpContext, ReturnUrl))
            ReturnUrl = null;
    }

    protected IActionResult SignedIn(ShopUser user)
    {
        security.SignedIn(user, ClientRequest?.Client.Id);
        return GoOn();
    }

    protected IActionResult GoOn() => ReturnUrls.Redirect(HttpContext, ClientRequest, ReturnUrl);
}

/// <summary>A page that a browser answers with a passkey.</summary>
internal abstract class PasskeyPageModel(IAuthorizationRequests requests, PasskeyCeremonies ceremonies, SecurityLog security) : SignInPageModel(requests, security)
{
    protected const string PasskeyFault = "That passkey was not accepted, or it took too long. Try again, or use another way.";

    [BindProperty]
    [StringLength(4096)]
    public string? State { get; set; }

    [BindProperty]
    [StringLength(8192)]
    public string? Credential { get; set; }

    /// <summary>Whose passkey the browser has answered with, or null.</summary>
    protected async Task<ShopUser?> FinishAsync(CancellationToken cancellationToken)
        => ModelState.IsValid ? await ceremonies.FinishAsync(HttpContext, State ?? "", Credential ?? "", cancellationToken) : null;
}
