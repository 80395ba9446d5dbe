using System.Diagnostics;
using System.Globalization;
using SecureShop.Testing;

namespace SecureShop.Bench.Gateway;

/// <summary>
/// Asks at a fixed rate, whatever is answered: as much as can be served, twice and four times that, and a little again. Once where the
/// CPU is what runs out, for which the callers compete on the same cores, and once where it is the permits.
/// </summary>
internal static class Overload
{
    private static readonly TimeSpan Bucket = TimeSpan.FromMilliseconds(250);

    public static async Task<int> RunAsync(string[] args)
    {
        var seconds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 10;
        var connections = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 512;
        using var servers = new TestServers();
        await using var redis = await servers.StartRedisAsync(CancellationToken.None);
        await using var service = await Part.StartAsync(LightService.Argument);
        await using var busy = await Part.StartGatewayAsync(service.Address, redis.ConnectionString);
        await using var waiting = await Part.StartGatewayAsync(
            service.Address, redis.ConnectionString, ("Overload__Classes__Read__Most", "40"), ("Overload__Classes__Read__Queue", "80"));
        await MeasureAsync("CPU runs out", busy, Message.Read(null), seconds, connections);
        await MeasureAsync("Permits run out: 40 of them, a service that takes 50 ms", waiting, Message.Read(null, "?wait=50"), seconds, connections);
        return 0;
    }

    private static async Task MeasureAsync(string name, Part gateway, byte[] message, int seconds, int connections)
    {
        var callers = Enumerable.Range(0, connections).Select(_ => new Caller()).ToArray();
        foreach (var caller in callers)
            await caller.ConnectAsync(gateway.Address);

        // As much as a few callers get who wait for their answers.
        var peak = 0.0;
        for (var warmUp = 0; warmUp < 4; warmUp++)
            peak = (await AskAsync(gateway, message, callers[..40], double.PositiveInfinity, TimeSpan.FromSeconds(5))).Served.Length / 5.0;
        Console.WriteLine($"{name}: {peak:0} served/s at best, {connections} connections");
        Console.WriteLine("             asked/s   served/s   of the peak   shed/s   p50 ms   p99 ms of served   p99 ms of shed   gateway's CPU s/s");
        var perServed = 0.0;
        foreach (var load in new[] { 0.8, 1, 2, 4 })
        {
            var phase = await AskAsync(gateway, message, callers, load * peak, TimeSpan.FromSeconds(seconds));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{load,4:0.0} times {phase.Asked / (double)seconds,11:0} {phase.Served.Length / (double)seconds,10:0} {phase.Served.Length / peak / seconds,13:0.00} {phase.Shed.Length / (double)seconds,8:0} {At(phase.Served, 0.5),8:0.0} {At(phase.Served, 0.99),18:0.0} {At(phase.Shed, 0.99),16:0.0} {phase.Cpu / seconds,19:0.00}"));
            if (load < 1)
                perServed = phase.Cpu / phase.Served.Length;
            else if (phase.Shed.Length > 1_000)
                Console.WriteLine($"           CPU us: {1e6 * perServed:0} a request that is served, {1e6 * (phase.Cpu - (perServed * phase.Served.Length)) / phase.Shed.Length:0} one that is shed");
        }

        // At once after the worst: the first quarter of a second from which on nothing is shed or late.
        var after = await AskAsync(gateway, message, callers, 0.7 * peak, TimeSpan.FromSeconds(seconds));
        var lastBad = after.Bad.Count == 0 ? TimeSpan.Zero : after.Bad.Max() + Bucket;
        Console.WriteLine($"Recovered after {lastBad.TotalSeconds:0.00} s");
        Console.WriteLine();
        foreach (var caller in callers)
            await caller.DisposeAsync();
    }

    // Times are from when a request was due, and not from when a connection was free for it.
    private static async Task<Phase> AskAsync(Part gateway, byte[] message, Caller[] callers, double perSecond, TimeSpan duration)
    {
        var (cpu, began, next) = (gateway.Cpu(), Stopwatch.GetTimestamp(), -1);
        var answers = await Task.WhenAll(callers.Select(caller => Task.Run(async () =>
        {
            var mine = new List<(TimeSpan Due, int Status, double Milliseconds)>();
            while (true)
            {
                var due = double.IsInfinity(perSecond) ? Stopwatch.GetElapsedTime(began) : TimeSpan.FromSeconds(Interlocked.Increment(ref next) / perSecond);
                if (due >= duration || Stopwatch.GetElapsedTime(began) >= duration)
                    return mine;
                var early = due - Stopwatch.GetElapsedTime(began);
                if (early > TimeSpan.FromMilliseconds(1))
                    await Task.Delay(early);
                var status = await caller.AskAsync(message);
                mine.Add((due, status, (Stopwatch.GetElapsedTime(began) - due).TotalMilliseconds));
            }
        })));
        var all = answers.SelectMany(one => one).ToList();
        if (all.Find(one => one.Status is not (200 or 503)) is { Status: > 0 and var odd })
            throw new InvalidOperationException($"A status of {odd}.");
        return new(
            all.Count,
            [.. all.Where(one => one.Status == 200).Select(one => one.Milliseconds).Order()],
            [.. all.Where(one => one.Status == 503).Select(one => one.Milliseconds).Order()],
            gateway.Cpu() - cpu,
            [.. all.GroupBy(one => (int)(one.Due / Bucket)).Where(part => part.Count(one => one.Status != 200 || one.Milliseconds > 250) > part.Count() / 100).Select(part => part.Key * Bucket)]);
    }

    private static double At(double[] sorted, double share) => sorted.Length == 0 ? 0 : sorted[(int)(share * (sorted.Length - 1))];

    private sealed record Phase(int Asked, double[] Served, double[] Shed, double Cpu, List<TimeSpan> Bad);
}
