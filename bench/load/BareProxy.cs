using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Configuration;

namespace SecureShop.Bench.Load;

/// <summary>YARP and nothing else before a service, TLS on both sides: what any proxy built on it costs.</summary>
internal sealed class BareProxy(Process process, Uri address) : IAsyncDisposable
{
    /// <summary>The first argument by which this program becomes the proxy.</summary>
    public const string Argument = "--bare-proxy";

    public Uri Address => address;

    public ProcessMeter Processes { get; } = ProcessMeter.Of("bare YARP", process);

    /// <summary>Starts it as a process of its own, as the gateway is one.</summary>
    public static async Task<BareProxy> StartAsync(Uri service)
    {
        var process = Process.Start(new ProcessStartInfo("dotnet", [typeof(BareProxy).Assembly.Location, Argument, service.ToString()])
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
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = "Production" });
        builder.Logging.ClearProviders();

        // The development certificate, which the user trusts; so does the client side.
        builder.WebHost.UseKestrelHttpsConfiguration().UseUrls("https://127.0.0.1:0");
        builder.Services.AddReverseProxy().LoadFromMemory(
            [new RouteConfig { RouteId = "all", ClusterId = "service", Match = new() { Path = "/{**path}" } }],
            [
                new ClusterConfig
                {
                    ClusterId = "service",
                    Destinations = new Dictionary<string, DestinationConfig>(StringComparer.Ordinal) { ["one"] = new() { Address = service } },
                },
            ]);
        var app = builder.Build();
        app.MapReverseProxy();
        await app.StartAsync();
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        Console.WriteLine($"https://localhost:{new Uri(address).Port}");
        await app.WaitForShutdownAsync();
    }

    public async ValueTask DisposeAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }
}
