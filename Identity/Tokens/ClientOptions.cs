using System.Security.Cryptography;
using Microsoft.Extensions.Options;

namespace SecureShop.Identity.Tokens;

/// <summary>What the clients prove themselves by (section <c>Clients</c>) and where the token server stands.</summary>
internal sealed class ClientOptions
{
    public const string Section = "Clients";

    public string OrdersServiceKey { get; set; } = "";

    public string DemoSecret { get; set; } = "";

    /// <summary>Without it the web shop is no client.</summary>
    public string? StorefrontSecret { get; set; }

    public string ShopOrigin { get; set; } = "";

    /// <summary>The options as configured, or an exception that says what to set.</summary>
    public static ClientOptions Read(IConfiguration configuration)
    {
        var options = configuration.GetSection(Section).Get<ClientOptions>() ?? new();
        options.ShopOrigin = configuration["Shop:Origin"] ?? "";
        var faults = Faults(options).ToList();
        return faults.Count == 0 ? options : throw new OptionsValidationException(Section, typeof(ClientOptions), faults);
    }

    private static IEnumerable<string> Faults(ClientOptions options)
    {
        if (!IsPublicKey(options.OrdersServiceKey))
            yield return "Clients:OrdersServiceKey must be a P-256 public key, base64 of its SubjectPublicKeyInfo ('openssl ec -pubout -outform DER | base64 -w0').";
        if (options.DemoSecret.Length < 24)
            yield return "Clients:DemoSecret must be a random string of at least 24 characters ('openssl rand -base64 24').";
        if (options.StorefrontSecret is { Length: > 0 and < 24 })
            yield return "Clients:StorefrontSecret must be a random string of at least 24 characters, or absent.";
        if (!IsOrigin(options.ShopOrigin))
            yield return "Shop:Origin must be the shop's public https origin without a trailing slash, as in https://localhost:7443.";
    }

    public static bool IsOrigin(string? value)
        => Uri.TryCreate(value, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttps && uri.GetLeftPart(UriPartial.Authority) == value;

    private static bool IsPublicKey(string value)
    {
        try
        {
            return PublicKeys.ToJsonWebKey(value).Length > 0;
        }
        catch (Exception fault) when (fault is FormatException or CryptographicException)
        {
            return false;
        }
    }
}
