namespace SecureShop.StandIns.AspireDashboard;

/// <summary>The dashboard: a receiver of telemetry and the pages that show it, on loopback alone.</summary>
public sealed class DashboardServer : IAsyncDisposable
{
    private DashboardServer(DashboardOptions options)
    {
        Address = new Uri($"https://127.0.0.1:{options.Port}");
        OtlpAddress = new Uri($"https://localhost:{options.OtlpPort}");
        OtlpApiKey = options.OtlpApiKey ?? "";
    }

    /// <summary>Where the pages are.</summary>
    public Uri Address { get; }

    /// <summary>Where telemetry is received, as http/protobuf.</summary>
    public Uri OtlpAddress { get; }

    /// <summary>What senders have to show.</summary>
    public string OtlpApiKey { get; }

    /// <summary>The link that signs in once.</summary>
    public Uri LoginLink => Address;

    /// <summary>Starts it.</summary>
    /// <exception cref="IOException">A port is taken.</exception>
    public static Task<DashboardServer> StartAsync(DashboardOptions options, IResourceHost host, ConsoleHistory console, CancellationToken cancellationToken) =>
        Task.FromResult(new DashboardServer(options));

    /// <summary>Tells the pages that a resource has changed. Cheap; call it as often as something changes.</summary>
    public void ResourcesChanged()
    {
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => default;
}
