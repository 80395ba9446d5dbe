using System.Security.Cryptography;
using Microsoft.Extensions.Options;

namespace SecureShop.Identity.Tokens;

/// <summary>Section <c>Clients</c>: what the clients prove themselves by.</summary>
internal sealed record ClientOptions
{
    public const string Section = "Clients";

    public string OrdersServiceKey { get; init; } = "";

    public string DemoSecret { get; init; } = "";

    /// <summary>Without it the web shop is no client.</summary>
    public string? StorefrontSecret { get; init; }

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
                yield return "Set Clients__OrdersServiceKey to a P-256 public key, base64 of its SubjectPublicKeyInfo ('openssl ec -pubout -outform DER | base64 -w0').";
            if (options.DemoSecret.Length < 24)
                yield return "Set Clients__DemoSecret to a random string of at least 24 characters ('openssl rand -base64 24').";
            if (options.StorefrontSecret is { Length: > 0 and < 24 })
                yield return "Set Clients__StorefrontSecret to a random string of at least 24 characters, or leave it out.";
        }

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
