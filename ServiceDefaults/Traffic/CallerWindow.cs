using System.Numerics;
using System.Runtime.InteropServices;

namespace SecureShop.ServiceDefaults.Traffic;

/// <summary>One request, as far as the figures go.</summary>
/// <param name="Route">Which of the routes, by number.</param>
/// <param name="Status">How it was answered.</param>
/// <param name="Received">Bytes of its body.</param>
/// <param name="Sent">Bytes of the answer's.</param>
/// <param name="Agent">The hash of what the caller says that it is.</param>
/// <param name="Object">The hash of the id that was asked for; null where none was.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Observation(int Route, int Status, long Received, long Sent, int Agent, int? Object);

/// <summary>The figures of one caller in one window. Counted by many requests at once without a lock.</summary>
internal sealed class CallerWindow(long key, string? name, int routeCount)
{
    private const int Registers = 64;
    private const int IndexBits = 6;

    // How many different objects, in 64 bytes however many there are (HyperLogLog; one standard error is 13 %).
    private readonly byte[] objects = new byte[Registers];
    private readonly int[] routes = new int[routeCount];
    private int requests, refused, notFound, agent, agentChanges;
    private long received, sent;

    public long Key => key;

    public string? Name => name;

    public int Requests => Volatile.Read(ref requests);

    public void Count(in Observation seen)
    {
        Interlocked.Increment(ref requests);
        Interlocked.Increment(ref routes[seen.Route]);
        if (seen.Status == 404)
            Interlocked.Increment(ref notFound);
        else if (seen.Status is >= 400 and < 500)
            Interlocked.Increment(ref refused);
        if (seen.Received > 0)
            Interlocked.Add(ref received, seen.Received);
        Interlocked.Add(ref sent, seen.Sent);
        if (agent != seen.Agent && Interlocked.Exchange(ref agent, seen.Agent) is not 0)
            Interlocked.Increment(ref agentChanges);
        if (seen.Object is not { } hash)
            return;

        // Two at once may lose a rank: within the error.
        ref var register = ref objects[hash & (Registers - 1)];
        register = Math.Max(register, (byte)(BitOperations.LeadingZeroCount((uint)hash >> IndexBits) - IndexBits + 1));
    }

    public CallerSummary Summarise(string kind, string caller, DateTimeOffset until) => new(
        kind, caller, until, requests, (double)refused / requests, (double)notFound / requests, Objects(), Entropy(), received, sent, agentChanges);

    private double Objects()
    {
        var empty = objects.Count(rank => rank == 0);
        var estimate = 0.709 * Registers * Registers / objects.Sum(rank => Math.Pow(2, -rank));
        return estimate <= 2.5 * Registers && empty > 0 ? Registers * Math.Log((double)Registers / empty) : estimate;
    }

    // In bits: 0 where it is one route over and over, 2 where it is four alike.
    private double Entropy() => -routes.Where(count => count > 0).Sum(count => (double)count / requests * Math.Log2((double)count / requests));
}
