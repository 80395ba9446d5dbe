using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using SecureShop.Identity.Accounts;
using SecureShop.Identity.Data;
using SecureShop.ServiceDefaults.Access;
using SecureShop.ServiceDefaults.Events;

namespace SecureShop.Identity.Pages.Account;

/// <summary>Sign-out, always by a post: a link or an image on another site must not end a session.</summary>
internal sealed class LogoutModel(
    SignInManager<ShopUser> session, IIdentityServerInteractionService interaction, SecurityLog security) : PageModel
{
    [BindProperty(SupportsGet = true)]
    [StringLength(4096)]
    public string? LogoutId { get; set; }

    public bool SignedOut { get; private set; }

    public string? BackTo { get; private set; }

    public string? ClientName { get; private set; }

    public bool FormExpired { get; private set; }

    public async Task OnGetAsync(bool expired = false)
    {
        FormExpired = expired;

        // An old form, too, of somebody who has signed out meanwhile.
        if (User.Identity?.IsAuthenticated != true)
            await ShowSignedOutAsync();
    }

    public async Task OnPostAsync()
    {
        if (User.SubjectOrNull() is { } subject)
        {
            // Made while the session is still there: afterwards nobody knows which clients to tell.
            LogoutId ??= await interaction.CreateLogoutContextAsync();
            await session.SignOutAsync();
            security.ForCurrentRequest(StatusCodes.Status200OK).SignedOut(subject);
        }

        await ShowSignedOutAsync();
    }

    private async Task ShowSignedOutAsync()
    {
        // The address comes from the client's registration, matched by the token server.
        var request = await interaction.GetLogoutContextAsync(LogoutId);
        BackTo = request.PostLogoutRedirectUri;
        ClientName = request.ClientName;
        SignedOut = true;
    }
}
