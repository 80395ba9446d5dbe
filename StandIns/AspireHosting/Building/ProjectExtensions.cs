using Microsoft.Extensions.Hosting;
using SecureShop.StandIns.AspireHosting.ApplicationModel;
using SecureShop.StandIns.AspireHosting.Orchestration;

namespace SecureShop.StandIns.AspireHosting;

/// <summary>A project that the AppHost refers to; the build writes one implementation per reference.</summary>
public interface IProjectMetadata : IResourceAnnotation
{
    /// <summary>The project file.</summary>
    string ProjectPath { get; }

    /// <summary>What building it gave.</summary>
    string TargetPath { get; }
}

/// <summary>Adds .NET projects.</summary>
public static class ProjectExtensions
{
    /// <summary>A project, with the variables that Aspire gives each.</summary>
    public static IResourceBuilder<ProjectResource> AddProject<TProject>(this IDistributedApplicationBuilder builder, string name)
        where TProject : IProjectMetadata, new()
    {
        var project = builder.AddResource(new ProjectResource(name)).WithAnnotation(new TProject())
            .WithEnvironment("OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY", "in_memory");
        if (builder.Environment.IsDevelopment())
        {
            project.WithEnvironment("OTEL_DOTNET_EXPERIMENTAL_ASPNETCORE_DISABLE_URL_QUERY_REDACTION", "true");
            project.WithEnvironment("OTEL_DOTNET_EXPERIMENTAL_HTTPCLIENT_DISABLE_URL_QUERY_REDACTION", "true");
        }

        return project
            .WithEnvironment(context => Telemetry.Inject(context, builder))
            .WithEnvironment("LOGGING__CONSOLE__FORMATTERNAME", "simple")
            .WithEnvironment(InjectUrls);
    }

    /// <summary>How many copies run; more than one share each address.</summary>
    public static IResourceBuilder<ProjectResource> WithReplicas(this IResourceBuilder<ProjectResource> builder, int replicas) =>
        builder.WithAnnotation(new ReplicaAnnotation(replicas));

    private static void InjectUrls(EnvironmentCallbackContext context)
    {
        var endpoints = ((IResourceWithEndpoints)context.Resource).GetEndpoints().ToList();
        if (endpoints.Count == 0)
            return;
        context.EnvironmentVariables.TryAdd("ASPNETCORE_URLS", ReferenceExpression.Join(";", endpoints.Select(endpoint =>
            ReferenceExpression.Create($"{endpoint.Scheme}://localhost:{endpoint.Property(EndpointProperty.TargetPort)}"))));
        if (endpoints.Find(endpoint => endpoint.Scheme == "https") is { } https)
            context.EnvironmentVariables["ASPNETCORE_HTTPS_PORT"] = https.Property(EndpointProperty.Port);
    }
}
