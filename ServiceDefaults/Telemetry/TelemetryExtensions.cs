using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
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
    private const string Own = "SecureShop.*";

    internal static void AddTelemetry(this IHostApplicationBuilder builder)
    {
        // The framework writes the standard tags (method, path, scheme) on its spans only when told so before it starts.
        AppContext.SetSwitch("Microsoft.AspNetCore.Hosting.SuppressActivityOpenTelemetryData", isEnabled: false);
        builder.AddConsoleLog();

        if (string.IsNullOrEmpty(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
            return;

        // Names, protocol, headers and intervals come from the standard OTEL_* variables.
        builder.Logging.AddOpenTelemetry(options =>
        {
            options.IncludeFormattedMessage = true;
            options.SetResourceBuilder(ResourceBuilder.CreateDefault());
            options.AddOtlpExporter(Connect);
        });
        builder.Services.AddSingleton<TracerProvider>(_ => OpenTelemetry.Sdk.CreateTracerProviderBuilder()
            .ConfigureServices(services => services.AddSingleton<IConfiguration>(builder.Configuration))
            .AddSource("Microsoft.AspNetCore", "System.Net.Http", "Npgsql", "Yarp.ReverseProxy", Own)
            .AddProcessor(new SpanHygiene())
            .AddOtlpExporter(Connect)
            .Build());
        builder.Services.AddSingleton<MeterProvider>(_ => OpenTelemetry.Sdk.CreateMeterProviderBuilder()
            .ConfigureServices(services => services.AddSingleton<IConfiguration>(builder.Configuration))
            .AddMeter("Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Microsoft.AspNetCore.Diagnostics")
            .AddMeter("Microsoft.AspNetCore.Authentication", "Microsoft.AspNetCore.Authorization", "System.Net.Http", "System.Runtime", "Npgsql", Own)
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
}
