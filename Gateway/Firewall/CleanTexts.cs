using System.Collections.Concurrent;

namespace SecureShop.Gateway.Firewall;

/// <summary>
/// Values of headers in which no rule found anything: a browser sends the same with each request. Whole texts and no hashes, so that
/// none passes as another; of the last ones only, so that whoever makes them up fills nothing, and has each of theirs judged.
/// </summary>
internal sealed class CleanTexts
{
    private const int MaxLength = 512;
    private const int Generation = 2_000;

    private ConcurrentDictionary<string, bool> young = new(StringComparer.Ordinal);
    private volatile ConcurrentDictionary<string, bool> old = new(StringComparer.Ordinal);
    private int count;

    /// <summary>Whether it was judged lately.</summary>
    public bool Contains(string text)
    {
        if (Volatile.Read(ref young).ContainsKey(text))
            return true;
        if (!old.ContainsKey(text))
            return false;
        Add(text);
        return true;
    }

    public void Add(string text)
    {
        if (text.Length > MaxLength || !Volatile.Read(ref young).TryAdd(text, true) || Interlocked.Increment(ref count) != Generation)
            return;

        // One of those that race comes here. What is in use is soon among the young again.
        old = Interlocked.Exchange(ref young, new(StringComparer.Ordinal));
        Volatile.Write(ref count, 0);
    }
}
