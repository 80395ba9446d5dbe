using System.Security.Cryptography;
using Microsoft.Extensions.Options;

namespace SecureShop.Storage.Audit;

/// <summary>Section <c>Audit</c>: how the trail is signed.</summary>
internal sealed record AuditOptions
{
    public const string Section = "Audit";

    /// <summary>The service's own key, base64 of PKCS#8 (P-256). The database does not have it: whoever writes the trail anew cannot sign it.</summary>
    public string Key { get; init; } = "";

    /// <summary>Where checkpoints are kept beside the log; nowhere where empty.</summary>
    public string? Folder { get; init; }

    /// <summary>How long rows go unsigned.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A record would write its members, and one of them is a secret.</summary>
    public override string ToString() => nameof(AuditOptions);

    internal sealed class Validator : IValidateOptions<AuditOptions>
    {
        public ValidateOptionsResult Validate(string? name, AuditOptions options)
            => !IsKey(options.Key)
                ? ValidateOptionsResult.Fail("Set Audit__Key to the P-256 key by which the service signs its audit trail, base64 of PKCS#8 (docs/keys.md).")
                : options.Interval < TimeSpan.FromSeconds(1) || options.Interval > TimeSpan.FromMinutes(10)
                    ? ValidateOptionsResult.Fail("Set Audit__Interval to 00:00:01 to 00:10:00.")
                    : ValidateOptionsResult.Success;

        private static bool IsKey(string text)
        {
            try
            {
                using var key = CheckpointKey.Private(text);
                return key.KeySize == 256;
            }
            catch (Exception unfit) when (unfit is FormatException or CryptographicException)
            {
                return false;
            }
        }
    }
}
