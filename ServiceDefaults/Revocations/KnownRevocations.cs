using System.Collections.Concurrent;

namespace SecureShop.ServiceDefaults.Revocations;

/// <summary>
/// What has ended before its time, as far as this process has heard, until the last token that it could concern has expired. Bounded: what
/// does not fit is not forgotten but not heard (<see cref="IsSilent"/>).
/// </summary>
public sealed class KnownRevocations(TimeProvider clock)
{
    internal const int MaxKnown = 100_000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly ConcurrentDictionary<(RevocationKind Kind, string Value), Revocation> known = [];
    private volatile int count;
    private volatile int exchangesEnded;
    private long unsettled = long.MaxValue;
    private long heard = long.MinValue;

    /// <summary>Rises when what API keys were exchanged for may have ended.</summary>
    public int ExchangesEnded => exchangesEnded;

    /// <summary>
    /// Whether nothing was heard for so long, or ever, that a token may have ended without our knowledge. By the machine's own steady clock:
    /// how old the news is does not depend on what time it is.
    /// </summary>
    internal bool IsSilent => Volatile.Read(ref heard) is var last && (last == long.MinValue || TimeProvider.System.GetElapsedTime(last) > Patience);

    /// <summary>All that had ended by then is known; a moment of the steady clock.</summary>
    internal void Heard(long asked) => Volatile.Write(ref heard, asked);

    /// <summary>False where there is no room for it. For one caller at a time.</summary>
    internal bool TryAdd(Revocation revocation)
    {
        var name = (revocation.Kind, revocation.Value);
        var isKnown = known.TryGetValue(name, out var before);
        if ((isKnown && before!.At >= revocation.At) || revocation.Until <= clock.GetUtcNow().ToUnixTimeMilliseconds())
            return true;
        if (!isKnown && count >= MaxKnown)
            return false;
        known[name] = revocation;
        if (!isKnown)
            count++;
        if (revocation.Kind is RevocationKind.ApiKey or RevocationKind.Subject or RevocationKind.Key or RevocationKind.All)
            (exchangesEnded, unsettled) = (exchangesEnded + 1, revocation.At + 1000);
        return true;
    }

    /// <summary>Forgets those that concern no token any more. For the one who adds.</summary>
    internal void Sweep()
    {
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();

        // What a key is exchanged for in the very second is refused, too (IsBefore): it must not be kept any longer.
        if (now > unsettled)
            (exchangesEnded, unsettled) = (exchangesEnded + 1, long.MaxValue);
        foreach (var (name, revocation) in known)
        {
            if (revocation.Until <= now && known.TryRemove(name, out _))
                count--;
        }
    }

    /// <summary>Whether <paramref name="token"/> has ended.</summary>
    internal bool End(TokenFacts token) => count > 0
        && (Has(RevocationKind.Token, token.Id) || Has(RevocationKind.Session, token.Session) || Has(RevocationKind.Family, token.Family)
            || Has(RevocationKind.Key, token.Key) || IsBefore(RevocationKind.Subject, token.Subject, token.Began) || IsBefore(RevocationKind.All, "", token.Made));

    private bool Has(RevocationKind kind, string? value) => value is not null && known.ContainsKey((kind, value));

    // The same moment is before: whoever gets a token in that moment asks once more, and a thief's is not missed.
    private bool IsBefore(RevocationKind kind, string? value, long begun)
        => value is not null && known.TryGetValue((kind, value), out var revocation) && begun <= revocation.At;
}
