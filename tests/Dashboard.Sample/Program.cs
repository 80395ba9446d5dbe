using System.Globalization;
using SecureShop.Dashboard.Sample;
using SecureShop.Dashboard.Tests.Support;
using SecureShop.StandIns.AspireDashboard;

int Argument(int index, int standard) => args.Length > index ? int.Parse(args[index], CultureInfo.InvariantCulture) : standard;

if (args is ["measure", ..])
{
    // The start first: after it the code is warm.
    await Measurement.RunAsync(Argument(1, 60));
    Measurement.Parse();
    return;
}

if (args is ["send", var receiver, var key, _])
{
    await Measurement.SendAsync(new(receiver), key, Argument(3, 60));
    return;
}

// Arguments: port of the pages, number of traces, number of log records and console lines.
const int Unbounded = int.MaxValue;
var console = new ConsoleHistory(TimeProvider.System, Unbounded);
var options = new DashboardOptions
{
    ApplicationName = "SecureShop",
    Port = Argument(0, 0),
    OtlpPort = 0,
    CertificatePath = PemCertificate.CertificatePath,
    KeyPath = PemCertificate.KeyPath,
    LoginLinkUsed = link => Console.WriteLine(link),
    SpansPerSecond = Unbounded,
    RecordsPerSecond = Unbounded,
};
await using var server = await DashboardServer.StartAsync(options, new TestHost(), console, CancellationToken.None);
using var sample = new SecureShop.Dashboard.Tests.Support.Sample(server.OtlpAddress, server.OtlpApiKey);
var shop = new SampleShop(sample, TimeProvider.System);
var load = new SampleLoad(sample, TimeProvider.System);
await load.SendAsync();
await shop.TracesAsync(Argument(1, 2_000), TimeSpan.FromMinutes(4));
await shop.LogsAsync(Argument(2, 5_000), TimeSpan.FromMinutes(4));
await shop.SecurityAsync(rounds: 40);
SampleShop.Console(console, Argument(2, 5_000));
Console.WriteLine(server.LoginLink);

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};
using var second = new PeriodicTimer(TimeSpan.FromSeconds(1));
try
{
    while (await second.WaitForNextTickAsync(stop.Token))
    {
        await load.SendAsync();
        await shop.TracesAsync(5, TimeSpan.FromSeconds(1));
        await shop.LogsAsync(9, TimeSpan.FromSeconds(1));
        await shop.SecurityAsync(rounds: 1);
        SampleShop.Console(console, 7);
    }
}
catch (OperationCanceledException)
{
    // Ctrl+C.
}
