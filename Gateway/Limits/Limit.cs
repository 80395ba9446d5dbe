using SecureShop.ServiceDefaults.Access;

namespace SecureShop.Gateway.Limits;

/// <summary>
/// One limit in the numbers that are counted with. GCRA: a caller owes time, an <see cref="Interval"/> for each permit, and may owe
/// <see cref="Capacity"/> at most. That is one number for each caller, which a window's log is not, and nobody gets twice the limit
/// where one window ends and the next begins. Times are microseconds, as Redis tells them.
/// </summary>
internal sealed class Limit
{
    // A batch is a small part of a burst, for it is lost with a process that ends; and of a small burst it would be no use.
    private const int ShareAhead = 16;
    private const int FewestAhead = 4;

    private readonly int[] costs;

    public Limit(string name, LimitPolicy policy)
    {
        (Name, Partition, Window) = (name, policy.Partition, policy.Window);
        costs = [.. Enum.GetNames<LimitClass>().Select(policy.CostOf)];
        Ahead = policy.Burst / ShareAhead is var batch && batch >= FewestAhead ? batch : 0;

        // Rounded up: never more than the limit says.
        Interval = ((Window.Ticks / TimeSpan.TicksPerMicrosecond) + policy.Permits - 1) / policy.Permits;
        Capacity = Interval * policy.Burst;
        Description = $"\"{name}\";q={policy.Permits};w={(int)Window.TotalSeconds}";
    }

    public string Name { get; }

    public Partition Partition { get; }

    public TimeSpan Window { get; }

    /// <summary>How many permits are taken ahead for who is far from it.</summary>
    public int Ahead { get; }

    public long Interval { get; }

    public long Capacity { get; }

    /// <summary>Its item of the field RateLimit-Policy.</summary>
    public string Description { get; }

    /// <summary>What a request of a class adds to what its caller owes.</summary>
    public long CostOf(LimitClass kind) => costs[(int)kind] * Interval;
}
