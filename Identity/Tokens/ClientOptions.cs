namespace SecureShop.Identity.Tokens;

/// <summary>Section <c>Clients</c>: what the clients prove themselves by.</summary>
internal sealed record ClientOptions
{
    public const string Section = "Clients";

    public string OrdersServiceKey { get; init; } = "";

    public string CatalogServiceKey { get; init; } = "";

    public string DemoSecret { get; init; } = "";

    /// <summary>Without it the web shop is no client.</summary>
    public string? StorefrontKey { get; init; }

    /// <summary>Where the web shop is told that a session has ended; https.</summary>
    public string? StorefrontBackChannel { get; init; }

    /// <summary>Without it there is no partner.</summary>
    public string? PartnerKey { get; init; }

    /// <summary>Where the partner gets its answers, https; without it it acts in its own name alone.</summary>
    public string? PartnerRedirect { get; init; }

    /// <summary>Without it nobody may exchange API keys.</summary>
    public string? GatewayKey { get; init; }

    /// <summary>A record would write its members, and they are secrets.</summary>
    public override string ToString() => nameof(ClientOptions);

    internal sealed class Validator : IValidateOptions<ClientOptions>
    {
        public ValidateOptionsResult Validate(string? name, ClientOptions options)
        {
            var faults = Faults(options).ToList();
            return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
        }

        private static IEnumerable<string> Faults(ClientOptions options)
        {
            if (!IsPublicKey(options.OrdersServiceKey))
                yield return UnfitKey(nameof(OrdersServiceKey));
            if (!IsPublicKey(options.CatalogServiceKey))
                yield return UnfitKey(nameof(CatalogServiceKey));
            if (options.DemoSecret.Length < 24)
                yield return "Set Clients__DemoSecret to a random string of at least 24 characters ('openssl rand -base64 24').";
            foreach (var (setting, key) in ((string, string?)[])
                [(nameof(StorefrontKey), options.StorefrontKey), (nameof(PartnerKey), options.PartnerKey), (nameof(GatewayKey), options.GatewayKey)])
            {
                if (!string.IsNullOrEmpty(key) && !IsPublicKey(key))
                    yield return UnfitKey(setting) + " Or leave it out: then there is no such client.";
            }

            foreach (var (setting, address) in ((string, string?)[])
                [(nameof(StorefrontBackChannel), options.StorefrontBackChannel), (nameof(PartnerRedirect), options.PartnerRedirect)])
            {
                if (address is not null && !(Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttps && uri.Fragment.Length == 0))
                    yield return $"Set {Section}__{setting} to an https address, or leave it out.";
            }
        }

        private static string UnfitKey(string setting)
            => $"Set {Section}__{setting} to a P-256 public key, base64 of its SubjectPublicKeyInfo ('openssl ec -pubout -outform DER | base64 -w0').";

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
}
