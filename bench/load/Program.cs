// What the gateway costs a read of a product: through it, through a bare YARP, and straight at the catalog, in turns within one
// run, before one system that this program starts by itself.
//   dotnet run -c Release --project bench/load [-- ROUNDS [SECONDS [CONNECTIONS]]]
using System.Globalization;
using SecureShop.Bench.Load;

if (args is [BareProxy.Argument, var service])
{
    await BareProxy.RunAsync(service);
    return 0;
}

var rounds = Number(0, otherwise: 10, most: 200);
var slice = TimeSpan.FromSeconds(Number(1, otherwise: 3, most: 60));
var connections = Number(2, otherwise: 16, most: 64);
if (rounds == 0 || slice == TimeSpan.Zero || connections == 0)
{
    Console.Error.WriteLine("Usage: load [ROUNDS [SECONDS [CONNECTIONS]]]");
    return 2;
}

await using var shop = await Shop.StartAsync("--no-dashboard");
await using var proxy = await BareProxy.StartAsync(shop.Catalog);
using var load = new LoadGenerator(connections, shop.Trust);
Subject straight = new("straight at the catalog", new Uri(shop.Catalog, shop.Product), null);
Subject bare = new("through bare YARP", new Uri(proxy.Address, shop.Product), () => proxy.Processes.Cpu().Values.Sum());
Subject gateway = new("through the gateway", new Uri(shop.Gateway, $"api/catalog/{shop.Product}"), () => shop.Processes.Cpu()["Gateway"]);
Subject[] subjects = [straight, bare, gateway];

// Just-in-time compilation ends when code has run for a while: all must be through with it.
for (var warmUp = 0; warmUp < 3; warmUp++)
{
    foreach (var subject in subjects)
        await load.RunAsync(subject.Address, slice);
}

// There and back again: what changes steadily meets all alike.
for (var round = 0; round < rounds; round++)
{
    foreach (var subject in round % 2 == 0 ? subjects : subjects.Reverse())
        await subject.MeasureAsync(load, slice);
}

Console.WriteLine($"{connections} connections, {rounds} rounds of {slice.TotalSeconds:0} s each");
Console.WriteLine("                        requests/s     p50 ms     p95 ms     p99 ms   not 2xx   CPU ms a request");
foreach (var subject in subjects)
    Console.WriteLine(subject);
Console.WriteLine();
Console.WriteLine($"gateway / bare YARP, requests/s     {Ratio.Of(gateway.PerSecond.Zip(bare.PerSecond, (one, other) => one / other))}");
Console.WriteLine($"gateway / bare YARP, CPU a request  {Ratio.Of(gateway.CpuPerRequest.Zip(bare.CpuPerRequest, (one, other) => one / other))}");
return subjects.Sum(subject => subject.Failed) == 0 ? 0 : 1;

int Number(int index, int otherwise, int most) => args.Length <= index
    ? otherwise
    : int.TryParse(args[index], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? Math.Min(number, most) : 0;
