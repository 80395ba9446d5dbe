using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SecureShop.StandIns.AspireDashboard.Access;
using SecureShop.StandIns.AspireDashboard.Serving;

namespace SecureShop.StandIns.AspireDashboard;

/// <summary>The dashboard: a receiver of telemetry and the pages that show it, on loopback alone.</summary>
public sealed class DashboardServer : IAsyncDisposable
{
    private static readonly TimeSpan StopWithin = TimeSpan.FromMilliseconds(500);

    private readonly WebApplication _app;
    private readonly Dashboard _dashboard;
    private readonly X509Certificate2 _certificate;

    private DashboardServer(WebApplication app, Dashboard dashboard, X509Certificate2 certificate)
    {
        _app = app;
        _dashboard = dashboard;
        _certificate = certificate;
    }

    /// <summary>Where the pages are.</summary>
    public Uri Address => _dashboard.Origins.Pages;

    /// <summary>Where telemetry is received, as http/protobuf.</summary>
    public Uri OtlpAddress => _dashboard.Origins.Receiver;

    /// <summary>What senders have to show.</summary>
    public string OtlpApiKey => _dashboard.ApiKey;

    /// <summary>The link that signs in once.</summary>
    public Uri LoginLink => _dashboard.Links.Current;

    /// <summary>Everything that is routed, for a test that walks it.</summary>
    internal IEnumerable<Endpoint> Routes => ((IEndpointRouteBuilder)_app).DataSources.SelectMany(source => source.Endpoints);

    /// <summary>Starts it.</summary>
    /// <exception cref="IOException">A port is taken.</exception>
    /// <exception cref="ArgumentException">A token or a key of the options is too short to be safe.</exception>
    public static async Task<DashboardServer> StartAsync(
        DashboardOptions options, IResourceHost host, ConsoleHistory console, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(host);
        ArgumentNullException.ThrowIfNull(console);
        Secrets.ThrowIfWeak(options.BrowserToken, nameof(DashboardOptions.BrowserToken));
        Secrets.ThrowIfWeak(options.OtlpApiKey, nameof(DashboardOptions.OtlpApiKey));

        using var pages = LoopbackDoor.Open(options.Port);
        using var receiver = LoopbackDoor.Open(options.OtlpPort);
        var certificate = ServerCertificate.Load(options.CertificatePath, options.KeyPath);
        var dashboard = new Dashboard(options, host, console, new Origins(pages.Port, receiver.Port));
        var server = new DashboardServer(WebHost.Build(dashboard, [pages, receiver], certificate), dashboard, certificate);
        try
        {
            await server._app.StartAsync(cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Tells the pages that a resource has changed. Cheap; call it as often as something changes.</summary>
    public void ResourcesChanged() => _dashboard.Live.ResourcesChanged();

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        // Streams are told first: a server waits for its requests, and a live page's never ends by itself.
        _dashboard.Live.Stop();
        using var patience = new CancellationTokenSource(StopWithin, _dashboard.Clock);
        try
        {
            await _app.StopAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            // A client that does not let go is cut off.
        }

        await _app.DisposeAsync();
        _dashboard.Dispose();
        _certificate.Dispose();
    }
}
