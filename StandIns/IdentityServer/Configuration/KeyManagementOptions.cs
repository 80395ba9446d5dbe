namespace SecureShop.StandIns.IdentityServer.Configuration;

/// <summary>How signing keys come, overlap and go.</summary>
public class KeyManagementOptions
{
    /// <summary>The algorithms. The stand-in signs with exactly one, ES256, and takes it where none is named.</summary>
    public ICollection<SigningAlgorithmOptions> SigningAlgorithms { get; set; } = [];

    /// <summary>How long a new key is published before it signs.</summary>
    public TimeSpan PropagationTime { get; set; } = TimeSpan.FromDays(14);

    /// <summary>Age at which a key stops signing.</summary>
    public TimeSpan RotationInterval { get; set; } = TimeSpan.FromDays(90);

    /// <summary>How long a key is published after it stopped signing.</summary>
    public TimeSpan RetentionDuration { get; set; } = TimeSpan.FromDays(14);
}

/// <summary>An algorithm to sign with.</summary>
/// <param name="Name">Its name, as in a token's header.</param>
public sealed record SigningAlgorithmOptions(string Name);
