// What the gateway costs a request beside a bare YARP, in turns within one run, before one light service: TLS on both sides, all
// limits, the firewall and the check of tokens switched on, no telemetry exported.
//   dotnet run -c Release --project bench/gateway [-- ROUNDS [SECONDS [CONNECTIONS [ONLY]]]]
// ONLY is a part of the names of what to measure, as for a profile. And what happens when more is asked than can be done:
//   dotnet run -c Release --project bench/gateway -- overload [SECONDS [CONNECTIONS]]
using System.Globalization;
using SecureShop.Bench.Gateway;
using SecureShop.Bench.Load;
using SecureShop.Testing;

switch (args)
{
    case [LightService.Argument]:
        await LightService.RunAsync();
        return 0;
    case [BareYarp.Argument, var address]:
        await Part.ServeAsync(BareYarp.Build(address));
        return 0;
    case ["overload", .. var rest]:
        return await Overload.RunAsync(rest);
}

var (rounds, slice, connections) = (Number(0, 10), TimeSpan.FromSeconds(Number(1, 3)), Number(2, 32));
if (rounds == 0 || slice == TimeSpan.Zero || connections == 0 || args.Length > 4)
{
    Console.Error.WriteLine("Usage: gateway [ROUNDS [SECONDS [CONNECTIONS [ONLY]]]], where ONLY is a part of the names of what to measure.");
    return 2;
}

using var servers = new TestServers();
await using var redis = await servers.StartRedisAsync(CancellationToken.None);
await using var service = await Part.StartAsync(LightService.Argument);
await using var bare = await Part.StartAsync(BareYarp.Argument, service.Address.ToString());
await using var gateway = await Part.StartGatewayAsync(service.Address, redis.ConnectionString);

var people = Enumerable.Range(0, 20).Select(_ => TestTokens.Create("catalog", Guid.NewGuid().ToString(), ["catalog.read", "catalog.write"], ["seller"],
    token => token.Claims["exp"] = TimeProvider.System.GetUtcNow().AddHours(2).ToUnixTimeSeconds())).ToList();
Subject bareRead = new("bare YARP, read", bare, [Message.Read(null)]);
Subject bareWrite = new("bare YARP, 1 KB of JSON", bare, [Message.Write(null)]);
Subject[] subjects =
[
    bareRead,
    new("gateway, guests' read", gateway, [Message.Read(null)], bareRead),
    new("gateway, people's read", gateway, [.. people.Select(token => Message.Read(token))], bareRead),
    bareWrite,
    new("gateway, 1 KB of JSON", gateway, [.. people.Select(Message.Write)], bareWrite),
];
subjects = [.. subjects.Where(subject => subject.Name.Contains(args.ElementAtOrDefault(3) ?? "", StringComparison.OrdinalIgnoreCase))];

// Just-in-time compilation ends when code has run for a while: all must be through with it.
for (var warmUp = 0; warmUp < 8; warmUp++)
{
    foreach (var subject in subjects)
        await subject.RunAsync(connections, slice);
}

subjects.ToList().ForEach(subject => subject.Forget());
for (var round = 0; round < rounds; round++)
{
    Console.Error.WriteLine($"Round {round + 1} of {rounds}");

    // There and back again: what changes steadily meets all alike.
    foreach (var subject in round % 2 == 0 ? subjects : subjects.Reverse())
        await subject.RunAsync(connections, slice);
}

Console.WriteLine($"{connections} connections, {rounds} rounds of {slice.TotalSeconds:0} s each");
Console.WriteLine("                          requests/s     p50 ms     p95 ms     p99 ms   not 2xx   CPU us a request");
foreach (var subject in subjects)
    Console.WriteLine(subject);
Console.WriteLine();
foreach (var (mine, theirs) in subjects.Where(subject => subjects.Contains(subject.Beside)).Select(subject => (subject, subject.Beside!)))
{
    Console.WriteLine($"{mine.Name} / {theirs.Name}");
    Console.WriteLine($"  requests/s     {Of(mine.PerSecond, theirs.PerSecond)}");
    Console.WriteLine($"  CPU a request  {Of(mine.CpuPerRequest, theirs.CpuPerRequest)}");
    Console.WriteLine($"  p99            {Of(mine.P99, theirs.P99)}");
}

return subjects.Sum(subject => subject.Failed) == 0 ? 0 : 1;

static Ratio Of(IEnumerable<double> mine, IEnumerable<double> theirs) => Ratio.Of(mine.Zip(theirs, (one, other) => one / other));

int Number(int index, int otherwise) => args.Length <= index
    ? otherwise
    : int.TryParse(args[index], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? Math.Min(number, 200) : 0;
