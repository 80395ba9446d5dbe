// What the gateway costs a read of a product: through it, through a bare YARP, and straight at the catalog, in turns within one
// run, before one system that this program starts by itself.
//   dotnet run -c Release --project bench/load [-- ROUNDS [SECONDS [CONNECTIONS [EARLIER]]]]
// EARLIER is the AppHost.dll of another state of this repository, whose gateway is then measured beside this one's.
using System.Globalization;
using SecureShop.Bench.Load;

if (args is [BareYarp.Argument, var service])
{
    await BareProxy.RunAsync(service);
    return 0;
}

var rounds = Number(0, otherwise: 10, most: 200);
var slice = TimeSpan.FromSeconds(Number(1, otherwise: 3, most: 60));
var connections = Number(2, otherwise: 16, most: 64);
if (rounds == 0 || slice == TimeSpan.Zero || connections == 0 || args.Length > 4 || (args.Length == 4 && !File.Exists(args[3])))
{
    Console.Error.WriteLine("Usage: load [ROUNDS [SECONDS [CONNECTIONS [EARLIER]]]], where EARLIER is the file AppHost.dll of another build.");
    return 2;
}

await using var shop = await Shop.StartAsync("--no-dashboard");
await using var earlier = args.Length == 4 ? await Shop.StartBuildAsync(args[3], "--no-dashboard") : null;
if (earlier is not null)
    shop.Trust.CustomTrustStore.AddRange(earlier.Trust.CustomTrustStore);
await using var proxy = await BareProxy.StartAsync(shop.Catalog);
using var load = new LoadGenerator(connections, shop.Trust);
Subject straight = new("straight at the catalog", new Uri(shop.Catalog, shop.Product), null);
Subject bare = new("through bare YARP", new Uri(proxy.Address, shop.Product), () => proxy.Processes.Cpu().Values.Sum());
var gateway = Through(shop, "through the gateway");
var before = earlier is null ? null : Through(earlier, "through the earlier one");
Subject[] subjects = before is null ? [straight, bare, gateway] : [straight, bare, gateway, before];

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
Compare(gateway, bare, "gateway / bare YARP");
if (before is not null)
    Compare(gateway, before, "gateway / earlier");
return subjects.Sum(subject => subject.Failed) == 0 ? 0 : 1;

Subject Through(Shop system, string name) =>
    new(name, new Uri(system.Gateway, $"api/catalog/{system.Product}"), () => system.Processes.Cpu()["Gateway"]);

void Compare(Subject one, Subject other, string names)
{
    Console.WriteLine($"{names + ", requests/s",-35} {Ratio.Of(one.PerSecond.Zip(other.PerSecond, (mine, theirs) => mine / theirs))}");
    Console.WriteLine($"{names + ", CPU a request",-35} {Ratio.Of(one.CpuPerRequest.Zip(other.CpuPerRequest, (mine, theirs) => mine / theirs))}");
}

int Number(int index, int otherwise, int most) => args.Length <= index
    ? otherwise
    : int.TryParse(args[index], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? Math.Min(number, most) : 0;
