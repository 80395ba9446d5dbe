using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Configuration;

namespace SecureShop.Bench.Load;

/// <summary>YARP and nothing else before a service, TLS on both sides: what any proxy built on it costs.</summary>
internal static class BareYarp
{
    /// <summary>The first argument by which a program becomes it; the service's address is the second.</summary>
    public const string Argument = "--bare-proxy";

    /// <summary>Not started yet.</summary>
    public static WebApplication Build(string service)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = "Production" });
        builder.Logging.ClearProviders();
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
        return app;
    }
}
