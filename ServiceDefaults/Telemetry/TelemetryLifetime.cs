using Microsoft.Extensions.Hosting;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace SecureShop.ServiceDefaults.Telemetry;

/// <summary>Starts the providers with the service, and sends what is left when it stops, for at most two seconds.</summary>
internal sealed class TelemetryLifetime(TracerProvider traces, MeterProvider metrics) : IHostedService
{
    private const int FlushTime = 2_000;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.WhenAll(
        Task.Run(() => traces.ForceFlush(FlushTime), cancellationToken),
        Task.Run(() => metrics.ForceFlush(FlushTime), cancellationToken));
}
