using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using SecureShop.ServiceDefaults.Telemetry;

namespace SecureShop.ServiceDefaults;

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

        // Names, protocol, headers, intervals and the bounds of the queues come from the standard OTEL_* variables. A full
        // queue drops what comes next: nobody waits for telemetry.
        var resource = Describe(builder);
        builder.Logging.AddOpenTelemetry(options =>
        {
            options.IncludeFormattedMessage = true;
            options.SetResourceBuilder(resource);
            options.AddProcessor(new LogEventId());
            options.AddOtlpExporter(Connect);
        });
        // The only providers: those that Aspire's components would bring are switched off where they are registered. A second
        // one that samples everything would overrule TraceSampler.
        builder.Services.AddSingleton<TracerProvider>(services => OpenTelemetry.Sdk.CreateTracerProviderBuilder()
            .ConfigureServices(inner => inner.AddSingleton<IConfiguration>(builder.Configuration))
            .SetResourceBuilder(resource)
            .SetSampler(new TraceSampler(
                builder.Configuration.GetValue(TraceSampler.Setting, TraceSampler.Default),
                services.GetRequiredService<TimeProvider>(),
                services.GetRequiredService<ILogger<TraceSampler>>()))

            // Not YARP's: its span tells what the server span around and the client span inside it tell.
            .AddSource("Microsoft.AspNetCore", "System.Net.Http", "Npgsql", "SecureShop.*")
            .AddProcessor(new SpanHygiene(builder.Configuration))
            .AddOtlpExporter(Connect)
            .Build());
        builder.Services.AddSingleton<MeterProvider>(_ => OpenTelemetry.Sdk.CreateMeterProviderBuilder()
            .ConfigureServices(inner => inner.AddSingleton<IConfiguration>(builder.Configuration))
            .SetResourceBuilder(resource)
            .AddMeter("Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Microsoft.AspNetCore.Diagnostics")
            .AddMeter("System.Net.Http", "System.Runtime", "Npgsql", ShopMetrics.MeterName)
            .AddView(MetricChoice.Of)
            .AddOtlpExporter(Connect)
            .Build());
        builder.Services.AddHostedService<TelemetryLifetime>();

        void Connect(OtlpExporterOptions options)
        {
            options.TimeoutMilliseconds = 5_000;
            options.HttpClientFactory = () => new HttpClient(ServiceConnection.CreateHandler(builder.Configuration), disposeHandler: true)
            {
                Timeout = TimeSpan.FromMilliseconds(options.TimeoutMilliseconds),
            };
        }
    }

    /// <summary>Puts the route and the status on the span of the request. The outermost middleware.</summary>
    public static void UseTelemetry(this IApplicationBuilder app) => app.UseMiddleware<RequestSpan>();

    private static ResourceBuilder Describe(IHostApplicationBuilder builder)
    {
        var configuration = builder.Configuration;
        var version = Assembly.GetEntryAssembly()?.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
        var named = configuration["OTEL_RESOURCE_ATTRIBUTES"]?.Contains("service.instance.id=", StringComparison.Ordinal) == true;
        return ResourceBuilder.CreateDefault().AddService(
            configuration["OTEL_SERVICE_NAME"] ?? builder.Environment.ApplicationName,
            serviceVersion: version,
            autoGenerateServiceInstanceId: !named);
    }
}
