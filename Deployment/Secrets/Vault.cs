using System.Globalization;

namespace SecureShop.Deployment;

/// <summary>The vault's secrets as Azure Resource Manager shows and takes them: it never gives out a value.</summary>
internal sealed class Vault(ArmClient arm, AzdSettings settings, TimeProvider clock)
{
    private const string ApiVersion = "2024-11-01";

    public string Name => settings.Vault;

    public Task<IReadOnlyList<VaultSecret>> ListAsync(CancellationToken cancellation) =>
        arm.ListAsync<VaultSecret>(Resource("/secrets"), $"list the secrets of {Name}", cancellation);

    public Task<VaultSecret> GetAsync(string name, CancellationToken cancellation) =>
        arm.GetAsync<VaultSecret>(Resource($"/secrets/{AzdSettings.Segment(name)}"), $"read the secret {name}", cancellation);

    /// <summary>Writes a new version. All tags stay, and <see cref="VaultSecret.MadeTag"/> says that it has its value.</summary>
    public Task<VaultSecret> WriteAsync(VaultSecret secret, string value, CancellationToken cancellation)
    {
        var tags = new Dictionary<string, string>(secret.Tags ?? [], StringComparer.Ordinal)
        {
            [VaultSecret.MadeTag] = clock.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        };
        var body = new { tags, properties = new { value, secret.Properties?.ContentType } };
        return arm.PutSecretAsync<VaultSecret>(Resource($"/secrets/{AzdSettings.Segment(secret.Name)}"), body, $"write the secret {secret.Name}", cancellation);
    }

    private ArmResource Resource(string under) => new(settings.PathOf("Microsoft.KeyVault/vaults", Name) + under, ApiVersion);
}

/// <summary>A secret, without its value.</summary>
internal sealed record VaultSecret(string Name, Dictionary<string, string>? Tags = null, VaultSecretProperties? Properties = null)
{
    public const string MakeTag = "make";
    public const string MadeTag = "made";
    public const string PublicPartTag = "public-part";

    public bool IsDisabled => Properties?.Attributes?.Enabled == false;

    /// <summary>The last part of the address that names one version.</summary>
    public string? Version => Properties?.SecretUriWithVersion?.Split('/')[^1];

    public string? Tag(string name) => Tags?.GetValueOrDefault(name);
}

/// <summary>What is known of a secret.</summary>
internal sealed record VaultSecretProperties(string? ContentType = null, string? SecretUriWithVersion = null, VaultSecretAttributes? Attributes = null);

/// <summary>Whether a secret can be read.</summary>
internal sealed record VaultSecretAttributes(bool? Enabled = null);
