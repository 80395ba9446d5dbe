namespace SecureShop.StandIns.IdentityServer.Keys;

/// <summary>What a key may do at its age: announced, signing, published only, gone.</summary>
internal sealed class KeySchedule(KeyManagementOptions options, DateTimeOffset now)
{
    /// <summary>How long after the very first key replicas look often for each other's keys.</summary>
    private static readonly TimeSpan Beginning = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan CacheAtBeginning = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Cache = TimeSpan.FromHours(24);
    private static readonly TimeSpan MakerIsDead = TimeSpan.FromSeconds(20);

    public bool IsRetired(SigningKey key) => Age(key) >= options.RotationInterval + options.RetentionDuration;

    public bool CanSign(SigningKey key) => Age(key) < options.RotationInterval;

    /// <summary>Old enough that every replica and API has seen it.</summary>
    public bool IsAnnounced(SigningKey key) => Age(key) >= options.PropagationTime;

    /// <summary>Young enough that its successor need not be announced yet.</summary>
    public bool NeedsNoSuccessor(SigningKey key) => options.RotationInterval - Age(key) > options.PropagationTime;

    /// <summary>A proposal whose maker must have died before he could make it stand or withdraw it.</summary>
    public bool IsAbandoned(SigningKey key) => !key.Stands && Age(key) > MakerIsDead;

    /// <summary>The same choice on every replica: the oldest that can sign, first among those that all have seen.</summary>
    public SigningKey? Signer(IEnumerable<SigningKey> keys) => keys
        .Where(CanSign)
        .OrderByDescending(IsAnnounced)
        .ThenBy(key => key.Created)
        .ThenBy(key => key.Id, StringComparer.Ordinal)
        .FirstOrDefault();

    /// <summary>How long a replica may go by what it has read.</summary>
    public DateTimeOffset GoodUntil(IReadOnlyCollection<SigningKey> keys, SigningKey signer)
    {
        var starting = keys.All(key => Age(key) < Beginning);
        var cache = starting ? CacheAtBeginning : Cache;
        var half = options.PropagationTime / 2;
        var goodUntil = now + (cache < half ? cache : half);
        var signerEnds = signer.Created + options.RotationInterval;
        return goodUntil < signerEnds ? goodUntil : signerEnds;
    }

    private TimeSpan Age(SigningKey key) => now > key.Created ? now - key.Created : TimeSpan.Zero;
}
