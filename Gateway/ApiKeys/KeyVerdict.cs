using SecureShop.ServiceDefaults.Revocations;

namespace SecureShop.Gateway.ApiKeys;

/// <summary>What became of a key.</summary>
internal enum KeyState
{
    /// <summary>It has a token.</summary>
    Good,

    /// <summary>It came beside another credential.</summary>
    Ambiguous,

    /// <summary>It is no key at all.</summary>
    Impossible,

    /// <summary>Identity does not take it.</summary>
    Refused,

    /// <summary>Its sender's address has brought too many that were refused.</summary>
    Throttled,

    /// <summary>Identity does not say.</summary>
    Unknown,
}

/// <summary>What is known of a key until a moment. A class, because a record would write its members, and one of them is a token.</summary>
internal sealed class KeyVerdict(KeyState state, DateTimeOffset until, string token = "", IReadOnlyList<string>? scopes = null, int ended = 0, string name = "")
{
    public KeyState State => state;

    public DateTimeOffset Until => until;

    public string Token => token;

    /// <summary>What <see cref="KnownRevocations.ExchangesEnded"/> said before the key was exchanged.</summary>
    public int Ended => ended;

    /// <summary>The hash of the key, by which a good one is counted.</summary>
    public string Name => name;

    public IReadOnlyList<string> Scopes => scopes ?? [];
}
