using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace SecureShop.SystemTests.Support.Secrets;

/// <summary>Every secret and personal value that a run has seen, made up or issued.</summary>
internal sealed class SecretLedger
{
    private readonly ConcurrentDictionary<string, Secret> secrets = new(StringComparer.Ordinal);

    public IReadOnlyCollection<Secret> Secrets => [.. secrets.Values];

    /// <summary>A value that is nowhere else in the world.</summary>
    public string Canary(string what) => Remember($"the canary {what}", $"kanari{RandomNumberGenerator.GetHexString(20, lowercase: true)}");

    public string CanaryEmail(string what) => Remember($"the canary {what}", $"{Canary(what)}@wren.example");

    public string Remember(string label, string value)
    {
        // Of a token each part by itself: the claims alone are personal, the signature alone completes them.
        if (value.StartsWith("eyJ", StringComparison.Ordinal) && value.Split('.') is { Length: > 1 } parts)
        {
            foreach (var (part, name) in parts.Zip(["header", "claims", "signature"]))
                Add($"{label}, {name}", part);
        }
        else
        {
            Add(label, value);
        }

        return value;
    }

    public void Remember(string label, byte[] value) => secrets.TryAdd(Convert.ToHexString(value), new(label, value));

    private void Add(string label, string value)
    {
        if (value.Length >= Secret.Shortest)
            secrets.TryAdd(value, new(label, value));
    }
}
