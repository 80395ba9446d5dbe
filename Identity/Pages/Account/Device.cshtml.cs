using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace SecureShop.Identity.Pages.Account;

/// <summary>
/// Where somebody lets a device in that has no browser (RFC 8628). They are shown what it is and asked even where the code came with the
/// link: that link may have been sent by whoever holds the device (section 5.4).
/// </summary>
internal sealed class DeviceModel(IDeviceRequests devices) : PageModel
{
    [BindProperty(SupportsGet = true, Name = "user_code")]
    [StringLength(32)]
    public string? UserCode { get; set; }

    public DeviceRequest? Device { get; private set; }

    public IReadOnlyList<ShopScope> Scopes { get; private set; } = [];

    public bool? Done { get; private set; }

    public bool IsUnknown { get; private set; }

    public bool FormExpired { get; private set; }

    public async Task<IActionResult> OnGetAsync(string? done, bool expired = false)
    {
        if (ShopSession.Of(User) is null)
            return SignInFirst();
        FormExpired = expired;
        Done = done switch { "allowed" => true, "refused" => false, _ => null };
        await ReadAsync();
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(string? answer)
    {
        if (ShopSession.Of(User) is null)
            return SignInFirst();
        await ReadAsync();
        if (Device is not { } device || answer is not ("allow" or "refuse"))
            return Page();
        var allowed = answer == "allow";
        if (allowed ? await devices.AllowAsync(HttpContext, device) : await devices.RefuseAsync(HttpContext, device))
            return new LocalRedirectResult(QueryHelpers.AddQueryString(Paths.DevicePage, "done", allowed ? "allowed" : "refused"));
        (Device, IsUnknown) = (null, true);
        return Page();
    }

    private LocalRedirectResult SignInFirst()
    {
        var back = UserCode is null ? Paths.DevicePage : QueryHelpers.AddQueryString(Paths.DevicePage, "user_code", UserCode);
        return new(QueryHelpers.AddQueryString(Paths.LoginPage, "returnUrl", back));
    }

    private async Task ReadAsync()
    {
        if (!ModelState.IsValid || string.IsNullOrWhiteSpace(UserCode))
        {
            IsUnknown = !ModelState.IsValid;
            return;
        }

        Device = await devices.FindAsync(HttpContext, UserCode);
        IsUnknown = Device is null;
        Scopes = Device is null ? [] : [.. Device.Scopes.Select(ShopScopes.Find).OfType<ShopScope>()];
    }
}
