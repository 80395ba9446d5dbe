using System.Globalization;

namespace SecureShop.ServiceDefaults.Revocations;

/// <summary>What ends before its time. Each is a word on the wire, which replicas of two versions may have to understand: none is ever renamed.</summary>
public enum RevocationKind
{
    /// <summary>One access token, by its <c>jti</c>.</summary>
    Token,

    /// <summary>All of a session, by its <c>sid</c>. An id is never used again, so that when it ended does not matter.</summary>
    Session,

    /// <summary>All that stems from one grant. Its id is not used again either.</summary>
    Family,

    /// <summary>All that was granted in a person's name until now. What is granted afterwards is good.</summary>
    Subject,

    /// <summary>All that a key has signed, by its <c>kid</c>: whoever stole it can date a token as they like.</summary>
    Key,

    /// <summary>An API key: what it was exchanged for is forgotten.</summary>
    ApiKey,

    /// <summary>Everything until now: more has ended than could be told.</summary>
    All,
}

/// <summary>Something that has ended, when, and until when a token that it concerns could live; in milliseconds, as in <see cref="Write"/>.</summary>
internal sealed record Revocation(RevocationKind Kind, string Value, long At, long Until)
{
    /// <summary>Where it stands in Redis: a set in the order of arrival, of which every replica reads what it has not seen.</summary>
    public const string Feed = "tokens:revoked";

    /// <summary>The end comes first: by that Redis finds those that are of no use any more.</summary>
    public string Write() => string.Create(CultureInfo.InvariantCulture, $"{Until}|{Kind}|{At}|{Value}");

    /// <exception cref="FormatException">It is none that this version understands.</exception>
    public static Revocation Read(string text) => text.Split('|', 4) is [var until, var kind, var at, var value]
        && Enum.TryParse<RevocationKind>(kind, out var known) && Enum.IsDefined(known)
        && long.TryParse(at, CultureInfo.InvariantCulture, out var ended) && long.TryParse(until, CultureInfo.InvariantCulture, out var end)
            ? new(known, value, ended, end)
            : throw new FormatException("No revocation.");
}
