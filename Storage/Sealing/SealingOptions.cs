using System.Security.Cryptography;
using Microsoft.Extensions.Options;

namespace SecureShop.Storage.Sealing;

/// <summary>Section <c>Sealing</c>: the master keys, which are nowhere in the database.</summary>
internal sealed record SealingOptions
{
    public const string Section = "Sealing";

    /// <summary>Each 32 random bytes in Base64. The first wraps and unwraps customers' keys, those behind it unwrap what they wrapped before.</summary>
    public IReadOnlyList<string> MasterKeys { get; init; } = [];

    /// <summary>The bytes of one, or null for what is none.</summary>
    public static byte[]? Read(string? text)
    {
        var bytes = new byte[Seal.KeyLength];
        var isKey = text is not null && Convert.TryFromBase64String(text, bytes.AsSpan(), out var written) && written == Seal.KeyLength;

        // 32 times the same byte is what somebody types to get rid of this message.
        return isKey && bytes.Distinct().Skip(1).Any() ? bytes : null;
    }

    internal sealed class Validator : IValidateOptions<SealingOptions>
    {
        public ValidateOptionsResult Validate(string? name, SealingOptions options)
        {
            if (options.MasterKeys.Count == 0)
                return ValidateOptionsResult.Fail(Mend(0));
            var keys = options.MasterKeys.Select(Read).ToList();
            var faults = Enumerable.Range(0, keys.Count).Where(place => keys[place] is null).Select(Mend).ToList();
            if (faults.Count == 0 && keys.Select(key => Convert.ToHexString(key!)).Distinct(StringComparer.Ordinal).Count() != keys.Count)
                faults.Add($"Set Sealing__MasterKeys__0 to Sealing__MasterKeys__{keys.Count - 1} to different keys: one of them is there twice.");
            keys.ForEach(key => CryptographicOperations.ZeroMemory(key));
            return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
        }

        private static string Mend(int place) => $"Set Sealing__MasterKeys__{place} to 32 random bytes in Base64, as 'openssl rand -base64 32' writes them.";
    }
}
