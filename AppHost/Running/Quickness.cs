using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace SecureShop.AppHost;

/// <summary>What makes a start quick, and a stop quick and complete.</summary>
internal static class Quickness
{
    public static void MakeQuick(this IDistributedApplicationBuilder builder)
    {
        // Else every other day a search for a newer Aspire competes with the start.
        builder.Configuration["ASPIRE_VERSION_CHECK_DISABLED"] ??= "true";
        builder.Services.ConfigureHttpClientDefaults(client => client.AddHttpMessageHandler(() => new Patience.Handler()));

        // Without a dashboard Aspire would have those who wait for a process that crashes give up at once.
        builder.Services.Configure<ResourceNotificationServiceOptions>(options => options.DefaultWaitBehavior = WaitBehavior.WaitOnResourceUnavailable);

        // AppHost waits for the end of all that DCP has started for it, so that the next start finds ports and data free.
        builder.Configuration["DcpPublisher:WaitForResourceCleanup"] ??= "true";

        // Should DCP be gone, nobody answers: DCP itself gives a process six seconds.
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(8));
    }

    /// <summary>
    /// Aspire has exporters try again for seconds, and try even where there is no dashboard. At a stop the dashboard is among
    /// the first to go: a service that still has telemetry to tell would wait for it until DCP kills it, after six seconds.
    /// </summary>
    public static IResourceBuilder<ProjectResource> WithQuickStop(this IResourceBuilder<ProjectResource> project)
    {
        var exports = project.ApplicationBuilder.Configuration[CommandLine.TelemetrySetting] != "false";
        return project.WithEnvironment(context =>
        {
            context.EnvironmentVariables.Remove("OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY");
            if (!exports)
                context.EnvironmentVariables.Remove("OTEL_EXPORTER_OTLP_ENDPOINT");
        });
    }
}
