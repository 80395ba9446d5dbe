// What telemetry costs a product read through the gateway: two whole systems, one that exports to its dashboard and one that
// exports nothing, loaded in turns within one run.
//   dotnet run -c Release --project bench/telemetry [-- ROUNDS [SECONDS [CONNECTIONS [dashboard|sink|off]]]]
using System.Globalization;
using SecureShop.Bench.Load;
using SecureShop.Bench.Telemetry;

var rounds = Number(0, otherwise: 12, most: 200);
var slice = TimeSpan.FromSeconds(Number(1, otherwise: 4, most: 60));
var connections = Number(2, otherwise: 16, most: 64);
var receiver = args.Length > 3 ? args[3] : "dashboard";
if (rounds == 0 || slice == TimeSpan.Zero || connections == 0 || receiver is not ("dashboard" or "sink" or "off"))
{
    Console.Error.WriteLine("Usage: telemetry [ROUNDS [SECONDS [CONNECTIONS [RECEIVER]]]]");
    Console.Error.WriteLine("RECEIVER: dashboard (as people run it), sink (one that throws all away), off (both alike: what this bench itself errs by).");
    return 2;
}

await using var sink = receiver == "sink" ? await Sink.StartAsync() : null;
await using var offShop = await Shop.StartAsync("--no-dashboard");
await using var onShop = await Shop.StartAsync(receiver switch
{
    "dashboard" => [],
    "sink" => ["--no-dashboard", $"--ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL={sink!.Address}"],
    _ => ["--no-dashboard"],
});
using var offLoad = new LoadGenerator(connections, offShop.Trust);
using var onLoad = new LoadGenerator(connections, onShop.Trust);
Subject off = new(offShop, offLoad), on = new(onShop, onLoad);
Console.WriteLine("Both are ready.");

// Just-in-time compilation ends when code has run for a while: both must be through with it.
for (var warmUp = 0; warmUp < 3; warmUp++)
{
    await off.MeasureAsync(slice);
    await on.MeasureAsync(slice);
}

var idle = await Idle.MeasureAsync(off, on);
Console.WriteLine($"{connections} connections, {rounds} rounds of off-on-on-off, {slice.TotalSeconds:0} s each, receiver: {receiver}");
var measured = new List<Round>();
for (var round = 1; round <= rounds; round++)
{
    // There and back again: what changes steadily meets both alike.
    var first = await off.MeasureAsync(slice);
    var (second, third) = (await on.MeasureAsync(slice), await on.MeasureAsync(slice));
    measured.Add(new(first + await off.MeasureAsync(slice), second + third));
    Console.WriteLine($"{round,3}  {measured[^1]}");
}

Report.Write(Console.Out, measured);
Report.Write(Console.Out, "CPU ms a second, idle", idle.Off, idle.On);
Report.Write(Console.Out, "memory in MB, at the end", off.Memory(), on.Memory());
Report.WriteRatios(Console.Out, measured);
if (sink is not null && Sink.Received == 0)
{
    Console.Error.WriteLine("Nothing was exported: these figures compare off with off.");
    return 1;
}

return measured.Sum(round => round.Off.Load.Failed + round.On.Load.Failed) == 0 ? 0 : 1;

int Number(int index, int otherwise, int most) => args.Length <= index
    ? otherwise
    : int.TryParse(args[index], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? Math.Min(number, most) : 0;
