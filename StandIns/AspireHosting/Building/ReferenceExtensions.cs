using SecureShop.StandIns.AspireHosting.ApplicationModel;

namespace SecureShop.StandIns.AspireHosting;

/// <summary>Tells a resource where another one is.</summary>
public static class ReferenceExtensions
{
    /// <summary>Injects the connection string, and its parts one by one.</summary>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder, IResourceBuilder<IResourceWithConnectionString> source, string? connectionName = null, bool optional = false)
        where TDestination : IResourceWithEnvironment
    {
        var name = connectionName ?? source.Resource.Name;
        return builder.WithEnvironment(context =>
        {
            context.EnvironmentVariables[$"ConnectionStrings__{name}"] = source.Resource;
            foreach (var (key, value) in source.Resource.GetConnectionProperties())
                context.EnvironmentVariables[$"{VariableName(name)}_{key.ToUpperInvariant()}"] = value;
        });
    }

    /// <summary>Injects the addresses of all endpoints.</summary>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder, IResourceBuilder<IResourceWithServiceDiscovery> source)
        where TDestination : IResourceWithEnvironment =>
        builder.WithEndpoints(source.Resource, [.. source.Resource.GetEndpoints().Select(endpoint => endpoint.EndpointName)]);

    /// <summary>Injects the address of one endpoint.</summary>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder, EndpointReference endpointReference)
        where TDestination : IResourceWithEnvironment => builder.WithEndpoints(endpointReference.Resource, [endpointReference.EndpointName]);

    private static IResourceBuilder<T> WithEndpoints<T>(this IResourceBuilder<T> builder, IResourceWithEndpoints source, IReadOnlyList<string> names)
        where T : IResourceWithEnvironment
    {
        var known = builder.Resource.Annotations.OfType<EndpointsReferenceAnnotation>().SingleOrDefault(reference => reference.Resource == source);
        if (known is not null)
        {
            known.Names.UnionWith(names);
            return builder;
        }

        var annotation = new EndpointsReferenceAnnotation(source, [.. names]);
        return builder.WithAnnotation(annotation).WithEnvironment(context => Inject(context, annotation));
    }

    // services__{resource}__{scheme}__{n} for .NET's service discovery, {RESOURCE}_{ENDPOINT} for everybody else.
    private static void Inject(EnvironmentCallbackContext context, EndpointsReferenceAnnotation reference)
    {
        var service = reference.Resource.Name;
        foreach (var endpoint in reference.Resource.GetEndpoints().Where(endpoint => reference.Names.Contains(endpoint.EndpointName)))
        {
            context.EnvironmentVariables[$"{VariableName(service)}_{VariableName(endpoint.EndpointName)}"] = endpoint;
            var index = 0;
            while (!context.EnvironmentVariables.TryAdd($"services__{service}__{endpoint.Scheme}__{index}", endpoint))
                index++;
        }
    }

    private static string VariableName(string name) =>
        (char.IsAsciiDigit(name[0]) ? "_" : "") + string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) ? char.ToUpperInvariant(c) : '_'));
}
