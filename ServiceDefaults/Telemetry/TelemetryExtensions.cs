using System.Diagnostics.Metrics;
using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Context.Propagation;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using SecureShop.ServiceDefaults.Events;
using SecureShop.ServiceDefaults.Services;

namespace SecureShop.ServiceDefaults.Telemetry;

/// <summary>Traces, metrics and logs: to the console always, over OTLP where <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> says so.</summary>
public static class TelemetryExtensions
{
    internal static void AddTelemetry(this IHostApplicationBuilder builder)
    {
        // The framework writes the standard tags (method, path, scheme) on its spans only when told so before it starts.
        AppContext.SetSwitch("Microsoft.AspNetCore.Hosting.SuppressActivityOpenTelemetryData", isEnabled: false);
        builder.AddConsoleLog();
        builder.Services.TryAddSingleton<SecurityLog>();

        if (string.IsNullOrEmpty(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
            return;

        // A caller's baggage is not read, and its traceparent by the framework alone, which the gateway has ignore it: the
        // instrumentation's default would adopt both.
        Sdk.SetDefaultTextMapPropagator(new TraceContextPropagator());

        // Names, protocol, headers, intervals and the bounds of the queues come from the standard OTEL_* variables. A full
        // queue drops what comes next: nobody waits for telemetry.
        builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => Describe(resource, builder))
            .WithLogging(
                logging => logging.AddProcessor(new LogEventId()).AddOtlpExporter(Connect),
                options => options.IncludeFormattedMessage = true)

            // Not YARP's: its span tells what the server span around and the client span inside it tell.
            .WithTracing(tracing => tracing
                .SetSampler(services => new TraceSampler(
                    builder.Configuration.GetValue(TraceSampler.Setting, TraceSampler.Default),
                    services.GetRequiredService<TimeProvider>(),
                    services.GetRequiredService<ILogger<TraceSampler>>()))
                .AddAspNetCoreInstrumentation(requests => requests.EnrichWithHttpResponse = (span, response) => RequestSpan.Describe(span, response.HttpContext))
                .AddHttpClientInstrumentation()
                .AddSource("Npgsql", "SecureShop.*")
                .AddProcessor(new SpanHygiene(builder.Configuration))
                .AddOtlpExporter(Connect))
            .WithMetrics(metrics => metrics
                .AddAspNetCoreInstrumentation()
                .AddHttpClientInstrumentation()
                .AddRuntimeInstrumentation()
                .AddMeter("Npgsql", ShopMetrics.MeterName)
                .AddView(MetricChoice.Of)
                .AddOtlpExporter(Connect));

        void Connect(OtlpExporterOptions options)
        {
            // Also how long a stop waits for a receiver that is gone, for each of the three.
            options.TimeoutMilliseconds = 2_000;
            options.HttpClientFactory = () => new HttpClient(ServiceConnection.CreateHandler(builder.Configuration), disposeHandler: true)
            {
                Timeout = TimeSpan.FromMilliseconds(options.TimeoutMilliseconds),
            };
        }
    }

    /// <summary>Has every refusal leave an event. The outermost middleware.</summary>
    public static void UseTelemetry(this IApplicationBuilder app) => app.UseMiddleware<UnrecordedRefusals>();

    private static void Describe(ResourceBuilder resource, IHostApplicationBuilder builder)
    {
        var configuration = builder.Configuration;
        var version = Assembly.GetEntryAssembly()?.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
        var named = configuration["OTEL_RESOURCE_ATTRIBUTES"]?.Contains("service.instance.id=", StringComparison.Ordinal) == true;
        resource.AddService(
            configuration["OTEL_SERVICE_NAME"] ?? builder.Environment.ApplicationName,
            serviceVersion: version,
            autoGenerateServiceInstanceId: !named);
    }
}

/// <summary>What is kept of the framework's metrics, and how many series each may have.</summary>
internal static class MetricChoice
{
    /// <summary>More series are summed up as one: no caller can fill the memory with them.</summary>
    private const int MaxSeries = 500;

    // Paid for by every request, and told well enough by the duration or by Postgres itself.
    private static readonly HashSet<string> Dropped = new(StringComparer.Ordinal)
    {
        "http.client.active_requests", "http.client.connection.duration", "http.client.open_connections", "http.client.request.time_in_queue",
        "kestrel.queued_connections", "kestrel.queued_requests", "kestrel.active_tls_handshakes",
        "db.client.operation.npgsql.bytes_read", "db.client.operation.npgsql.bytes_written", "db.client.operation.npgsql.executing",
        "db.client.operation.npgsql.prepared_ratio",
    };

    public static MetricStreamConfiguration Of(Instrument instrument)
        => Dropped.Contains(instrument.Name) ? MetricStreamConfiguration.Drop : new MetricStreamConfiguration { CardinalityLimit = MaxSeries };
}

/// <summary>
/// Puts the number of an event on its record. The exporter sends the name as OTLP's <c>event_name</c> and leaves the number out.
/// The message's template goes: it repeats the body.
/// </summary>
internal sealed class LogEventId : BaseProcessor<LogRecord>
{
    public override void OnEnd(LogRecord data)
    {
        var facts = (data.Attributes ?? []).Where(fact => fact.Key != "{OriginalFormat}");
        data.Attributes = data.EventId.Id == 0 ? [.. facts] : [.. facts, new("event.id", data.EventId.Id)];
    }
}
