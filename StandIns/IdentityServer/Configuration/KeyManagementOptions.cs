using System.Diagnostics.CodeAnalysis;

namespace SecureShop.StandIns.IdentityServer.Configuration;

/// <summary>How signing keys come, overlap and go.</summary>
public class KeyManagementOptions
{
    /// <summary>Whether keys are made by themselves; the stand-in knows no other way.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>The algorithms. The stand-in signs with exactly one, ES256, and takes it where none is named.</summary>
    public ICollection<SigningAlgorithmOptions> SigningAlgorithms { get; set; } = [];

    /// <summary>How long after the very first key replicas look often for each other's keys.</summary>
    public TimeSpan InitializationDuration { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>A quarter of the time after which a proposed key is given up, because its maker must have died.</summary>
    public TimeSpan InitializationSynchronizationDelay { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long keys stay in memory during initialisation.</summary>
    public TimeSpan InitializationKeyCacheDuration { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long keys stay in memory; never more than half of <see cref="PropagationTime"/>.</summary>
    public TimeSpan KeyCacheDuration { get; set; } = TimeSpan.FromHours(24);

    /// <summary>How long a new key is published before it signs.</summary>
    public TimeSpan PropagationTime { get; set; } = TimeSpan.FromDays(14);

    /// <summary>Age at which a key stops signing.</summary>
    public TimeSpan RotationInterval { get; set; } = TimeSpan.FromDays(90);

    /// <summary>How long a key is published after it stopped signing.</summary>
    public TimeSpan RetentionDuration { get; set; } = TimeSpan.FromDays(14);

    /// <summary>Whether keys are deleted after that.</summary>
    public bool DeleteRetiredKeys { get; set; } = true;

    /// <summary>Whether keys are sealed by data protection in the store.</summary>
    public bool DataProtectKeys { get; set; } = true;
}

/// <summary>An algorithm to sign with.</summary>
public class SigningAlgorithmOptions
{
    /// <summary>An unnamed algorithm.</summary>
    public SigningAlgorithmOptions()
    {
    }

    /// <summary>A named algorithm.</summary>
    [SetsRequiredMembers]
    public SigningAlgorithmOptions(string name) => Name = name ?? throw new ArgumentNullException(nameof(name));

    /// <summary>Its name, as in a token's header.</summary>
    public required string Name { get; set; }

    /// <summary>Whether the key comes in a certificate.</summary>
    public bool UseX509Certificate { get; set; }
}
