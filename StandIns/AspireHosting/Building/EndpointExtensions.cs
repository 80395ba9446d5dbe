using SecureShop.StandIns.AspireHosting.ApplicationModel;

namespace SecureShop.StandIns.AspireHosting;

/// <summary>Says where a resource listens and how its health is asked for.</summary>
public static class EndpointExtensions
{
    /// <summary>Listens for HTTP.</summary>
    public static IResourceBuilder<T> WithHttpEndpoint<T>(
        this IResourceBuilder<T> builder, int? port = null, int? targetPort = null, string? name = null, string? env = null, bool isProxied = true)
        where T : IResourceWithEndpoints => builder.WithEndpoint(port, targetPort, "http", name, env, isProxied);

    /// <summary>Listens for HTTPS.</summary>
    public static IResourceBuilder<T> WithHttpsEndpoint<T>(
        this IResourceBuilder<T> builder, int? port = null, int? targetPort = null, string? name = null, string? env = null, bool isProxied = true)
        where T : IResourceWithEndpoints => builder.WithEndpoint(port, targetPort, "https", name, env, isProxied);

    /// <summary>Listens.</summary>
    public static IResourceBuilder<T> WithEndpoint<T>(
        this IResourceBuilder<T> builder, int? port = null, int? targetPort = null, string? scheme = null, string? name = null, string? env = null, bool isProxied = true)
        where T : IResourceWithEndpoints
    {
        scheme ??= "tcp";
        name ??= scheme;
        if (builder.Resource.Annotations.OfType<EndpointAnnotation>().Any(endpoint => string.Equals(endpoint.Name, name, StringComparison.OrdinalIgnoreCase)))
            throw new InvalidOperationException($"'{builder.Resource.Name}' has an endpoint '{name}' already.");
        if (env is not null)
            builder.WithAnnotation(new EnvironmentCallbackAnnotation(context =>
            {
                context.EnvironmentVariables[env] = builder.GetEndpoint(name).Property(EndpointProperty.TargetPort);
                return Task.CompletedTask;
            }));
        return builder.WithAnnotation(new EndpointAnnotation(name, scheme) { Port = port, TargetPort = targetPort, IsProxied = isProxied });
    }

    /// <summary>Opens the HTTP endpoints declared so far to the world outside.</summary>
    public static IResourceBuilder<T> WithExternalHttpEndpoints<T>(this IResourceBuilder<T> builder) where T : IResourceWithEndpoints
    {
        foreach (var endpoint in builder.Resource.Annotations.OfType<EndpointAnnotation>().Where(endpoint => endpoint.UriScheme is "http" or "https"))
            endpoint.IsExternal = true;
        return builder;
    }

    /// <summary>An endpoint by its name.</summary>
    public static EndpointReference GetEndpoint<T>(this IResourceBuilder<T> builder, string name) where T : IResourceWithEndpoints =>
        builder.Resource.GetEndpoint(name);

    /// <summary>An endpoint by its name.</summary>
    public static EndpointReference GetEndpoint(this IResourceWithEndpoints resource, string endpointName) => new(resource, endpointName);

    /// <summary>Healthy when an address answers as expected.</summary>
    public static IResourceBuilder<T> WithHttpHealthCheck<T>(
        this IResourceBuilder<T> builder, string? path = null, int? statusCode = null, string? endpointName = null) where T : IResourceWithEndpoints
    {
        var endpoints = builder.Resource.Annotations.OfType<EndpointAnnotation>().ToList();
        var endpoint = endpointName is null
            ? endpoints.Find(candidate => candidate.Name == "https") ?? endpoints.Find(candidate => candidate.Name == "http")
            : endpoints.Find(candidate => string.Equals(candidate.Name, endpointName, StringComparison.OrdinalIgnoreCase));
        if (endpoint is null || endpoint.UriScheme is not ("http" or "https"))
            throw new InvalidOperationException($"'{builder.Resource.Name}' has no HTTP endpoint '{endpointName ?? "https"}' to ask for its health.");
        return builder.WithAnnotation(new HttpHealthCheckAnnotation(builder.GetEndpoint(endpoint.Name), path ?? "/", statusCode ?? 200));
    }

    internal static IEnumerable<EndpointReference> GetEndpoints(this IResourceWithEndpoints resource) =>
        resource.Annotations.OfType<EndpointAnnotation>().Select(endpoint => resource.GetEndpoint(endpoint.Name));
}
