using OtpNet;
using QRCoder;

namespace SecureShop.Identity.Factors;

/// <summary>
/// A key that an app is about to take over. Until a code shows that it has, nothing is stored: the key travels with the form, sealed
/// for its account and for half an hour.
/// </summary>
internal sealed class AuthenticatorSetup(IDataProtectionProvider protection, TimeProvider clock)
{
    private const string Issuer = "SecureShop";
    private const int KeyBytes = 20;

    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(30);

    public (string Key, string Sealed) Begin(ShopUser user)
    {
        var key = Base32Encoding.ToString(RandomNumberGenerator.GetBytes(KeyBytes));
        return (key, Protector(user).Close(key, clock.GetUtcNow() + Lifetime));
    }

    /// <summary>The key of a form, or null: too old, another's, or made up.</summary>
    public string? Open(ShopUser user, string text) => Protector(user).Open<string>(text, clock.GetUtcNow());

    /// <summary>What the app reads from the picture; many also open it as a link.</summary>
    public static string Address(string email, string key) => new OtpUri(OtpType.Totp, key, email, Issuer).ToString();

    /// <summary>The picture, as markup for the page: no image that a cache or a history would keep.</summary>
    public static string Picture(string address)
    {
        using var code = QRCodeGenerator.GenerateQrCode(address, QRCodeGenerator.ECCLevel.M);
        using var picture = new SvgQRCode(code);
        return picture.GetGraphic(new System.Drawing.Size(4, 4), sizingMode: SvgQRCode.SizingMode.ViewBoxAttribute);
    }

    private IDataProtector Protector(ShopUser user) => protection.CreateProtector("SecureShop.AuthenticatorSetup", user.Id.ToString());
}
