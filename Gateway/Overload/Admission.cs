using Microsoft.Extensions.Options;

namespace SecureShop.Gateway.Overload;

/// <summary>
/// The permits to be served. A class has some for itself and may have so many at most; the others are for whoever comes, and what
/// becomes free goes to the first class that waits. Not strict priority: classes are told by what callers write, and who calls himself
/// important would be served alone. (A ConcurrencyLimiter knows one line of waiters, and no reserve.)
/// </summary>
internal sealed class Admission(IOptions<OverloadOptions> options, TimeProvider clock)
{
    private readonly Lock gate = new();
    private readonly Line[] lines = [.. Enum.GetNames<LoadClass>().Select(kind => new Line(options.Value.Classes[kind]))];
    private readonly int permits = options.Value.Permits;
    private readonly TimeSpan patience = TimeSpan.FromMilliseconds(options.Value.WaitMilliseconds);

    /// <summary>How many are served, and how many wait.</summary>
    public (int Served, int Waiting) Count()
    {
        lock (gate)
            return (lines.Sum(line => line.Served), lines.Sum(line => line.Waiting.Count));
    }

    /// <summary>Whether there is a permit, now or soon. Whoever gets one calls <see cref="Leave"/>.</summary>
    public ValueTask<bool> EnterAsync(LoadClass kind, CancellationToken gone)
    {
        var line = lines[(int)kind];
        lock (gate)
        {
            // Those who wait have no room, or would have been let in: nobody is overtaken.
            if (TryServe(line))
                return new(true);
            return line.Waiting.Count < line.Share.Queue ? WaitAsync(line.Waiting.AddLast(new Waiter()), gone) : new(false);
        }
    }

    public void Leave(LoadClass kind)
    {
        lock (gate)
        {
            lines[(int)kind].Served--;
            foreach (var line in lines)
            {
                // The newest first: the oldest are at the end of their time, and so would be all that are served under overload.
                while (line.Waiting.Last is { } newest && TryServe(line))
                {
                    line.Waiting.Remove(newest);
                    newest.Value.SetResult(true);
                }
            }
        }
    }

    private async ValueTask<bool> WaitAsync(LinkedListNode<Waiter> waiter, CancellationToken gone)
    {
        await using var late = clock.CreateTimer(_ => GiveUp(waiter), state: null, patience, Timeout.InfiniteTimeSpan);
        await using var left = gone.Register(() => GiveUp(waiter));
        return await waiter.Value.Task;
    }

    // Whoever takes a waiter out of its line has decided on it: no permit goes to one who has left.
    private void GiveUp(LinkedListNode<Waiter> waiter)
    {
        lock (gate)
        {
            if (waiter.List is not { } line)
                return;
            line.Remove(waiter);
            waiter.Value.SetResult(false);
        }
    }

    private bool TryServe(Line line)
    {
        // The others hold what they use, or what is kept for them.
        var free = permits - line.Served;
        foreach (var other in lines)
            free -= other == line ? 0 : Math.Max(other.Served, other.Share.Reserved);
        if (free <= 0 || line.Served >= line.Share.Most)
            return false;
        line.Served++;
        return true;
    }

    private sealed class Line(ClassShare share)
    {
        public ClassShare Share => share;

        public int Served { get; set; }

        public LinkedList<Waiter> Waiting { get; } = [];
    }

    private sealed class Waiter() : TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
}
