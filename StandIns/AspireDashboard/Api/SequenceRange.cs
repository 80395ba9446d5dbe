using System.Buffers;
using SecureShop.StandIns.AspireDashboard.History;

namespace SecureShop.StandIns.AspireDashboard.Api;

/// <summary>
/// Which part of a history is asked for: with <c>after</c> the oldest above it, as a reader who follows wants; else the
/// newest, below <c>before</c> where that is given. The order of the answer is always ascending.
/// </summary>
internal sealed record SequenceRange(long? After, long? Before, int Limit)
{
    private const int Chunk = 512;

    public static SequenceRange Read(QueryReader query, int standard, int most) =>
        new(query.Long("after"), query.Long("before"), query.Int("limit", standard, 1, most));

    /// <param name="history">Where to look.</param>
    /// <param name="matches">What to take.</param>
    /// <param name="countAll">Whether to go on when there is enough, to count what matches.</param>
    public Found<T> Find<T>(BoundedHistory<T> history, Func<T, bool> matches, bool countAll = false)
        where T : class, IEntry
    {
        var last = history.Last;
        var chunk = ArrayPool<T>.Shared.Rent(Chunk);
        try
        {
            var found = new List<T>();
            var matched = After is { } after
                ? Follow(history, matches, Math.Min(after, last) + 1, last, found, chunk.AsSpan(0, Chunk))
                : Back(history, matches, countAll, last, found, chunk.AsSpan(0, Chunk));
            return new(found, history.First, last, matched);
        }
        finally
        {
            ArrayPool<T>.Shared.Return(chunk, clearArray: true);
        }
    }

    private int? Follow<T>(BoundedHistory<T> history, Func<T, bool> matches, long from, long last, List<T> found, Span<T> chunk)
        where T : class, IEntry
    {
        var end = Math.Min(last + 1, Before ?? long.MaxValue);
        while (history.Read(from, chunk) is > 0 and var count)
        {
            foreach (var entry in chunk[..count])
            {
                if (entry.Sequence >= end || found.Count == Limit)
                    return null;
                if (matches(entry))
                    found.Add(entry);
                from = entry.Sequence + 1;
            }
        }

        return null;
    }

    private int? Back<T>(BoundedHistory<T> history, Func<T, bool> matches, bool countAll, long last, List<T> found, Span<T> chunk)
        where T : class, IEntry
    {
        var matched = 0;

        // Counting is over everything kept, wherever the reader stands.
        var from = countAll ? last + 1 : Math.Min(last + 1, Before ?? long.MaxValue);
        while ((countAll || found.Count < Limit) && history.ReadBack(from, chunk) is > 0 and var count)
        {
            foreach (var entry in chunk[..count])
            {
                from = entry.Sequence;
                if (!matches(entry))
                    continue;
                matched++;
                if (found.Count < Limit && entry.Sequence < (Before ?? long.MaxValue))
                    found.Add(entry);
            }
        }

        found.Reverse();
        return matched;
    }
}

/// <summary>What was found, and how far the history goes.</summary>
internal sealed record Found<T>(IReadOnlyList<T> Entries, long First, long Last, int? Matched);
