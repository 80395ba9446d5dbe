using System.Net.Sockets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using SecureShop.StandIns.AspireHosting.ApplicationModel;

namespace SecureShop.StandIns.AspireHosting.Orchestration;

/// <summary>Tells projects where to send their traces, metrics and logs.</summary>
internal static class Telemetry
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(250);

    public static async Task Inject(EnvironmentCallbackContext context, IDistributedApplicationBuilder builder)
    {
        var receiver = await builder.Receiver.WaitAsync(context.CancellationToken) ?? await NamedAsync(builder.Configuration, context.CancellationToken);
        if (receiver is null)
            return;

        var variables = context.EnvironmentVariables;
        variables["OTEL_EXPORTER_OTLP_ENDPOINT"] = receiver.Url;
        variables["OTEL_EXPORTER_OTLP_PROTOCOL"] = receiver.Protocol;
        variables["OTEL_SERVICE_NAME"] = context.Resource.Name;
        variables["OTEL_RESOURCE_ATTRIBUTES"] = new InstanceId(context.Resource);
        if (receiver.ApiKey is { } key)
            variables["OTEL_EXPORTER_OTLP_HEADERS"] = $"x-otlp-api-key={key}";
        if (!builder.Environment.IsDevelopment())
            return;

        // At once and everything: on a laptop somebody is watching.
        variables["OTEL_BLRP_SCHEDULE_DELAY"] = variables["OTEL_BSP_SCHEDULE_DELAY"] = variables["OTEL_METRIC_EXPORT_INTERVAL"] = "1000";
        variables["OTEL_TRACES_SAMPLER"] = "always_on";
        variables["OTEL_METRICS_EXEMPLAR_FILTER"] = "trace_based";
    }

    /// <summary>The one that the user has named for want of a dashboard, if it answers: else the exporters would only retry and waste time.</summary>
    private static async Task<TelemetryReceiver?> NamedAsync(ConfigurationManager configuration, CancellationToken cancellationToken)
    {
        var (url, protocol) = configuration["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"] is { Length: > 0 } grpc
            ? (grpc, "grpc")
            : (configuration["ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL"], "http/protobuf");
        return Uri.TryCreate(url, UriKind.Absolute, out var address) && await IsAnswered(address, cancellationToken)
            ? new(url, protocol, configuration["AppHost:OtlpApiKey"])
            : null;
    }

    private static async Task<bool> IsAnswered(Uri address, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(address.Host, address.Port, patience.Token);
            return true;
        }
        catch (Exception problem) when (problem is SocketException or OperationCanceledException)
        {
            return false;
        }
    }

    // Named as the replica's lines on the console are, so that one is found from the other.
    private sealed class InstanceId(IResource resource) : IValueProvider
    {
        public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) => GetValueAsync(new(), cancellationToken);

        public ValueTask<string?> GetValueAsync(ValueProviderContext context, CancellationToken cancellationToken = default) =>
            new($"service.instance.id={ResourceNode.NameOf(resource, context.Replica)}");
    }
}
