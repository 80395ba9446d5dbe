using Azure.Provisioning.AppContainers;
using Microsoft.Extensions.Configuration;

namespace SecureShop.AppHost;

/// <summary>How one project is run by Container Apps.</summary>
internal static class AzureContainerApps
{
    // The ingress of Container Apps ends TLS and connects from here. Aspire's own choice for a deployment is to trust
    // forwarding headers from anywhere, and then every caller chooses its own address.
    private const string Ingress = "100.64.0.0/10";

    private const int AppPort = 8080;
    private const int HealthPort = 8081;

    /// <summary>
    /// Has <paramref name="endpoints"/> share one port, on which the app hears plain http from the ingress. Others still
    /// find it under https: that is what the ingress speaks.
    /// </summary>
    public static IResourceBuilder<ProjectResource> BehindIngress(this IResourceBuilder<ProjectResource> project, params string[] endpoints)
    {
        foreach (var endpoint in endpoints)
        {
            project.WithEndpoint(endpoint, options =>
            {
                options.Port = null;
                options.TargetPort = AppPort;
            }, createIfNotExists: false);
        }

        return project
            .DisableForwardedHeaders()
            .WithEnvironment("Proxies__Networks", Ingress)
            .WithEnvironment(context =>
            {
                // There is no certificate in the container: https ends at the ingress.
                context.EnvironmentVariables["HTTP_PORTS"] = $"{AppPort}";
                context.EnvironmentVariables.Remove("HTTPS_PORTS");
            });
    }

    /// <summary>Keeps health on a port of its own, which the ingress does not publish, and closes the port for plain http.</summary>
    public static IResourceBuilder<ProjectResource> WithHealthPort(this IResourceBuilder<ProjectResource> gateway)
    {
        gateway.Resource.Annotations.Remove(gateway.Resource.Annotations.OfType<EndpointAnnotation>().Single(endpoint => endpoint.Name == "plain"));
        return gateway
            .WithEndpoint("health", options =>
            {
                options.UriScheme = "http";
                options.TargetPort = HealthPort;
            }, createIfNotExists: false)
            .WithEnvironment(context =>
            {
                context.EnvironmentVariables["HTTP_PORTS"] = $"{AppPort};{HealthPort}";
                context.EnvironmentVariables["Gateway__HealthPort"] = $"{HealthPort}";
                context.EnvironmentVariables.Remove("Gateway__PlainPort");
            });
    }

    /// <summary>A dead process is restarted; one that cannot serve yet gets no requests.</summary>
    public static IResourceBuilder<ProjectResource> WithProbes(this IResourceBuilder<ProjectResource> project, string endpoint) => project
        .WithHttpProbe(ProbeType.Startup, "/health/live", periodSeconds: 2, failureThreshold: 30, endpointName: endpoint)
        .WithHttpProbe(ProbeType.Liveness, "/health/live", periodSeconds: 10, failureThreshold: 3, endpointName: endpoint)
        .WithHttpProbe(ProbeType.Readiness, "/health/ready", periodSeconds: 5, failureThreshold: 3, endpointName: endpoint);

    /// <summary>Size of a replica and how many: <c>Cpu</c>, <c>Memory</c>, <c>Min</c>, <c>Max</c>, <c>Requests</c> (per replica).</summary>
    public static IResourceBuilder<ProjectResource> WithScale(this IResourceBuilder<ProjectResource> project, IConfiguration settings) => project
        .PublishAsAzureContainerApp((_, app) =>
        {
            var container = app.Template.Containers[0].Value!;
            container.Resources = new AppContainerResources
            {
                Cpu = settings.GetValue("Cpu", 0.5),
                Memory = settings.GetValue("Memory", "1Gi")!,
            };

            app.Template.Scale.MinReplicas = settings.GetValue("Min", 1);
            app.Template.Scale.MaxReplicas = settings.GetValue("Max", 5);
            var rule = new ContainerAppHttpScaleRule();
            rule.Metadata["concurrentRequests"] = $"{settings.GetValue("Requests", 50)}";
            app.Template.Scale.Rules.Add(new ContainerAppScaleRule { Name = "requests", Http = rule });
        });

    /// <summary>The parameters for a public name and its certificate; without a certificate the name is bound without TLS.</summary>
    public static IResourceBuilder<ProjectResource> WithDomains(this IResourceBuilder<ProjectResource> gateway, params string[] origins)
    {
        var builder = gateway.ApplicationBuilder;
        var domains = origins.Select(origin => (
            Name: builder.CreateResourceBuilder(builder.Resources.OfType<ParameterResource>().Single(parameter => parameter.Name == $"{origin}-domain")),
            Certificate: builder.AddParameter($"{origin}-certificate", "", publishValueAsDefault: true))).ToList();

        return gateway.PublishAsAzureContainerApp((_, app) =>
        {
            foreach (var domain in domains)
                app.ConfigureCustomDomain(domain.Name, domain.Certificate);
        });
    }
}
