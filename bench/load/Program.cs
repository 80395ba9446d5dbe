// What the gateway costs: the same read through it and straight at the service, in turns within one run.
//   dotnet run -c Release --project bench/load -- https://localhost:7443/api/catalog/products https://localhost:PORT/products
using System.Globalization;
using SecureShop.Bench.Load;

if (args.Length is < 2 or > 4 || !Uri.TryCreate(args[0], UriKind.Absolute, out var through) || !Uri.TryCreate(args[1], UriKind.Absolute, out var straight))
{
    Console.Error.WriteLine("Usage: load THROUGH-THE-GATEWAY STRAIGHT-AT-THE-SERVICE [SECONDS] [CONNECTIONS]");
    Console.Error.WriteLine("The AppHost shows both addresses. SSL_CERT_FILE names the development CA where it is not trusted.");
    return 2;
}

// A load generator is a weapon: this one only knows its own machine, and stops by itself.
if (!through.IsLoopback || !straight.IsLoopback)
{
    Console.Error.WriteLine("Only addresses of this machine (localhost, 127.0.0.1, [::1]) are loaded.");
    return 2;
}

var seconds = Math.Clamp(Number(2, 20), 2, 120);
var connections = Math.Clamp(Number(3, 16), 1, 64);
using var load = new LoadGenerator(connections);

await load.RunAsync(straight, TimeSpan.FromSeconds(2));
await load.RunAsync(through, TimeSpan.FromSeconds(2));

// In turns, so that what else the machine does meets both alike.
const int Rounds = 5;
var slice = TimeSpan.FromSeconds(seconds / 2.0 / Rounds);
List<Sample> gateway = [], service = [];
for (var round = 0; round < Rounds; round++)
{
    service.Add(await load.RunAsync(straight, slice));
    gateway.Add(await load.RunAsync(through, slice));
}

var direct = Sample.Sum(service);
var proxied = Sample.Sum(gateway);
Console.WriteLine($"{connections} connections, {Rounds} rounds of {slice.TotalSeconds:0.0} s each");
Console.WriteLine("                    requests/s     p50 ms     p95 ms     p99 ms   not 2xx");
Console.WriteLine($"straight at service {direct}");
Console.WriteLine($"through the gateway {proxied}");
Console.WriteLine($"through / straight  {proxied.PerSecond / direct.PerSecond,10:0.00}");
return direct.Failed + proxied.Failed == 0 ? 0 : 1;

int Number(int index, int otherwise)
    => args.Length > index && int.TryParse(args[index], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : otherwise;
