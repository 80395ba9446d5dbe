using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;
using SecureShop.StandIns.AspireDashboard;
using SecureShop.StandIns.AspireHosting.Certificates;

namespace SecureShop.StandIns.AspireHosting.Orchestration;

/// <summary>The dashboard of a run: it starts beside everything else, shows how the rest stops, and ends last.</summary>
internal sealed class HostDashboard(HostConsole console, ReadyFile readyFile) : IAsyncDisposable
{
    private static readonly TimeSpan EndsWithin = TimeSpan.FromSeconds(1);

    /// <summary>Ends when it is up; null where it is switched off or could not start. A port that is taken is a <see cref="HostingException"/>.</summary>
    public Task<DashboardServer?> Server { get; private set; } = Task.FromResult<DashboardServer?>(null);

    /// <summary>What senders have to show: as Aspire has it, or made for this run.</summary>
    public static string ApiKeyOf(IConfiguration configuration) =>
        configuration["AppHost:OtlpApiKey"] is { Length: > 0 } given ? given : RandomNumberGenerator.GetHexString(32, lowercase: true);

    /// <summary>Begins to start it.</summary>
    public void Start(
        DistributedApplicationBuilder model, DashboardPorts ports, string apiKey, CertificateFiles certificate, IResourceHost board, ConsoleHistory history, CancellationToken stop)
    {
        var configuration = model.Configuration;
        var options = new DashboardOptions
        {
            ApplicationName = model.Options.DashboardApplicationName ?? model.Environment.ApplicationName,
            Port = ports.Pages,
            OtlpPort = ports.Otlp ?? 0,
            CertificatePath = certificate.CertificatePath,
            KeyPath = certificate.KeyPath,
            OtlpApiKey = apiKey,
            BrowserToken = new[] { configuration["ASPIRE_DASHBOARD_FRONTEND_BROWSERTOKEN"], configuration["AppHost:BrowserToken"] }.FirstOrDefault(token => token is { Length: > 0 }),
            LoginLinkUsed = next =>
            {
                Show(next);
                readyFile.UpdateLink(next);
            },
        };
        Server = Task.Run(() => StartAsync(options, board, history, stop), stop);
        model.Receiver = ReceiverAsync();

        async Task<TelemetryReceiver?> ReceiverAsync() =>
            await Server is { } server ? new(server.OtlpAddress.GetLeftPart(UriPartial.Authority), "http/protobuf", server.OtlpApiKey) : null;
    }

    /// <summary>Something about a resource is new.</summary>
    public void ResourcesChanged()
    {
        if (Server is { IsCompletedSuccessfully: true, Result: { } server })
            server.ResourcesChanged();
    }

    /// <summary>Shows the link of the moment; on this console alone, and not in its own history.</summary>
    public async Task ShowLinkAsync()
    {
        if (await Server is { } server)
            Show(server.LoginLink);
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (await Server is { } server)
                await server.DisposeAsync().AsTask().WaitAsync(EndsWithin);
        }
        catch (Exception problem) when (problem is OperationCanceledException or HostingException or TimeoutException)
        {
            // It was not up, which has been told; or it takes its time, and ends with this process.
        }
    }

    private async Task<DashboardServer?> StartAsync(DashboardOptions options, IResourceHost board, ConsoleHistory history, CancellationToken stop)
    {
        try
        {
            var server = await DashboardServer.StartAsync(options, board, history, stop);
            Show(server.LoginLink);
            return server;
        }
        catch (IOException problem) when (problem.InnerException is SocketException)
        {
            throw new HostingException($"{problem.Message.TrimEnd('.')}. {PortAllocation.MendOfDashboard}", problem);
        }
        catch (Exception problem) when (!stop.IsCancellationRequested)
        {
            console.Say(console.Red($"  The dashboard could not start, and so there is none: {problem.Message}"));
            return null;
        }
    }

    private void Show(Uri link)
    {
        console.Say("");
        console.Say(console.Bold($"  Dashboard  {link.AbsoluteUri}") + "  (opens once; the next link appears here after use)");
        console.Say("");
    }
}
