using System.Diagnostics;
using Microsoft.Extensions.Hosting;

namespace SecureShop.Bench.Load;

/// <summary><see cref="BareYarp"/> as a process of its own, as the gateway is one. It serves the development certificate, which the user trusts, and so does its client side.</summary>
internal sealed class BareProxy(Process process, Uri address) : IAsyncDisposable
{
    public Uri Address => address;

    public ProcessMeter Processes { get; } = ProcessMeter.Of("bare YARP", process);

    /// <summary>Starts it.</summary>
    public static async Task<BareProxy> StartAsync(Uri service)
    {
        var process = Process.Start(new ProcessStartInfo("dotnet", [typeof(BareProxy).Assembly.Location, BareYarp.Argument, service.ToString()])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        })!;
        var line = await process.StandardOutput.ReadLineAsync();
        return new(process, new Uri(line ?? throw new InvalidOperationException("The bare proxy did not start.")));
    }

    /// <summary>Is the proxy, until it is killed.</summary>
    public static async Task RunAsync(string service)
    {
        var app = BareYarp.Build(service);
        await app.StartAsync();
        Console.WriteLine($"https://localhost:{new Uri(app.Urls.Single()).Port}");
        await app.WaitForShutdownAsync();
    }

    public async ValueTask DisposeAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }
}
