using System.Net;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SecureShop.Testing;

namespace SecureShop.Gateway.Tests;

/// <summary>Starts the gateway's own Program on Kestrel. One TLS listener serves both origins: the Host header decides.</summary>
internal sealed class GatewayFactory : WebApplicationFactory<Program>
{
    public const string ShopHost = "localhost:7443";
    public const string IdentityHost = "localhost:7444";

    /// <summary>The key by which the gateway proves itself to Identity.</summary>
    public static readonly string ClientKey = ClientKeys.Private();

    private readonly List<(string Key, string Value)> settings;

    public GatewayFactory(IEnumerable<(string Key, string Value)> settings)
    {
        this.settings =
        [
            ("Shop:Origin", $"https://{ShopHost}"),
            ("Cors:Origins:0", "https://partner.example"),
            ("ServiceClient:Id", "gateway"),
            ("ServiceClient:Key", ClientKey),
            ("Limits:Space", Space),
            .. TestLimits.All.SelectMany(limit => TestLimits.Of(limit, 100_000)),
            .. GatewayRedis.Settings,
            .. settings,
        ];
        UseKestrel(options =>
        {
            options.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(TestCertificate.Leaf));
            options.Listen(IPAddress.Loopback, 0);
            options.Listen(IPAddress.Loopback, 0);
        });
    }

    /// <summary>Where it counts.</summary>
    public string Space { get; } = Guid.NewGuid().ToString("N");

    public int TlsPort => BoundPort(0);

    public int PlainPort => BoundPort(1);

    public int HealthPort => BoundPort(2);

    public TestClock Clock { get; } = new();

    /// <summary>Why it did not start, where a test wants that.</summary>
    public StartFailures Starting { get; } = new();

    public RecordedEvents Events { get; } = new();

    public RecordedEvents Log { get; } = new("Gateway");

    public RecordedEvents Failures { get; } = new("SecureShop.Gateway.Routes.ForwardingFailures");

    public RecordedEvents Circuits { get; } = new("SecureShop.Gateway.Overload.Circuits");

    public RecordedEvents Proxy { get; } = new("Yarp.ReverseProxy.Forwarder.HttpForwarder");

    public RecordedEvents Lists { get; } = new("SecureShop.Gateway.Callers.CallerListReader");

    public HttpClient Client(int port, string? host)
    {
        var client = TestCertificate.Client(new Uri($"{(port == TlsPort ? "https" : "http")}://localhost:{port}"));
        client.DefaultRequestHeaders.Host = host;
        return client;
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment("Development");
        foreach (var (key, value) in settings)
            builder.UseSetting(key, value);
        builder.ConfigureServices(services => services
            .AddSingleton<TimeProvider>(Clock)
            .AddSingleton<ILoggerProvider>(Starting)
            .AddSingleton<ILoggerProvider>(Events)
            .AddSingleton<ILoggerProvider>(Log)
            .AddSingleton<ILoggerProvider>(Failures)
            .AddSingleton<ILoggerProvider>(Circuits)
            .AddSingleton<ILoggerProvider>(Proxy)
            .AddSingleton<ILoggerProvider>(Lists)
            .AddSingleton(_ => new Doors.HealthPort(HealthPort))
            .PostConfigure<KestrelServerOptions>(options => Hasten(options.Limits)));
    }

    // The times that it gives slow callers, as they are set, but a part of them: no test has to wait for a minute.
    private static void Hasten(KestrelServerLimits limits)
    {
        limits.RequestHeadersTimeout /= 5;
        limits.KeepAliveTimeout /= 20;
        limits.MinRequestBodyDataRate = Sooner(limits.MinRequestBodyDataRate!);
        limits.MinResponseDataRate = Sooner(limits.MinResponseDataRate!);

        static MinDataRate Sooner(MinDataRate rate) => new(rate.BytesPerSecond, rate.GracePeriod / 2);
    }

    // In the order in which they were opened above.
    private int BoundPort(int listener)
        => new Uri(Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.ElementAt(listener)).Port;
}
