using System.Diagnostics.CodeAnalysis;

namespace SecureShop.StandIns.AspireDashboard.Access;

/// <summary>Who is signed in. Bounded in number and age; only hashes are kept, so that a memory dump signs nobody in.</summary>
internal sealed class Sessions(TimeProvider clock)
{
    private const int Most = 16;
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(12);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Session> _byHash = new(StringComparer.Ordinal);

    /// <summary>A new session; the oldest one ends when there are too many.</summary>
    /// <returns>The secret for the cookie.</returns>
    public string Begin()
    {
        var secret = Secrets.Make();
        var now = clock.GetUtcNow();
        lock (_lock)
        {
            foreach (var (hash, session) in _byHash.Where(pair => pair.Value.Until <= now).ToList())
                Remove(hash, session);
            if (_byHash.Count >= Most)
            {
                var (hash, session) = _byHash.MinBy(pair => pair.Value.Until);
                Remove(hash, session);
            }

            _byHash.Add(Key(secret), new Session(now + Lifetime));
        }

        return secret;
    }

    public Session? Find(string? secret)
    {
        if (secret is null)
            return null;
        lock (_lock)
            return _byHash.TryGetValue(Key(secret), out var session) && IsAlive(session) ? session : null;
    }

    public bool IsAlive(Session session) => !session.Ended && session.Until > clock.GetUtcNow();

    public void End(Session session)
    {
        lock (_lock)
        {
            foreach (var (hash, _) in _byHash.Where(pair => pair.Value == session).ToList())
                Remove(hash, session);
        }
    }

    [SuppressMessage("Reliability", "CA1859", Justification = "A dictionary of text keys.")]
    private static string Key(string secret) => Convert.ToHexString(Secrets.Hash(secret));

    private void Remove(string hash, Session session)
    {
        session.Ended = true;
        _byHash.Remove(hash);
    }
}

/// <summary>One browser that is signed in.</summary>
internal sealed class Session(DateTimeOffset until)
{
    private volatile bool _ended;

    public DateTimeOffset Until => until;

    public bool Ended
    {
        get => _ended;
        set => _ended = value;
    }
}
