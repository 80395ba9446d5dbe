using System.Globalization;

namespace SecureShop.StandIns.AspireHosting.ApplicationModel;

/// <summary>A part of an endpoint's address.</summary>
public enum EndpointProperty
{
    /// <summary>Scheme, host and port.</summary>
    Url,

    /// <summary>The host.</summary>
    Host,

    /// <summary>The host, as an IPv4 address.</summary>
    IPV4Host,

    /// <summary>The port that clients use.</summary>
    Port,

    /// <summary>The scheme.</summary>
    Scheme,

    /// <summary>The port that the process listens on.</summary>
    TargetPort,

    /// <summary>Host and port.</summary>
    HostAndPort,
}

/// <summary>An endpoint of a resource; its value is its URL.</summary>
public sealed class EndpointReference(IResourceWithEndpoints owner, string endpointName)
    : IValueProvider, IManifestExpressionProvider, IValueWithReferences
{
    /// <summary>The resource that listens.</summary>
    public IResourceWithEndpoints Resource { get; } = owner;

    /// <summary>The endpoint's name.</summary>
    public string EndpointName { get; } = endpointName;

    /// <summary>What is known about the endpoint.</summary>
    public EndpointAnnotation EndpointAnnotation =>
        Resource.Annotations.OfType<EndpointAnnotation>().SingleOrDefault(endpoint => string.Equals(endpoint.Name, EndpointName, StringComparison.OrdinalIgnoreCase))
        ?? throw new InvalidOperationException($"'{Resource.Name}' has no endpoint '{EndpointName}'.");

    /// <summary>The host that clients use.</summary>
    public string Host => "localhost";

    /// <summary>The port that clients use.</summary>
    public int Port => EndpointAnnotation.AllocatedPort
        ?? throw new InvalidOperationException($"The endpoint '{EndpointName}' of '{Resource.Name}' has no address before the system starts.");

    /// <summary>The scheme.</summary>
    public string Scheme => EndpointAnnotation.UriScheme;

    /// <summary>The address that clients use.</summary>
    public string Url => $"{Scheme}://{Host}:{Port}";

    /// <summary>For people: a URL, or host and port where no browser can go.</summary>
    internal string Address => Scheme is "http" or "https" ? Url : $"{Host}:{Port}";

    /// <inheritdoc />
    public string ValueExpression => $"{{{Resource.Name}.bindings.{EndpointName}.url}}";

    /// <inheritdoc />
    public IEnumerable<object> References => [Resource];

    /// <summary>A part of the address.</summary>
    public EndpointReferenceExpression Property(EndpointProperty property) => new(this, property);

    /// <inheritdoc />
    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) => new(Url);
}

/// <summary>A part of an endpoint's address.</summary>
public sealed class EndpointReferenceExpression(EndpointReference endpoint, EndpointProperty property)
    : IValueProvider, IManifestExpressionProvider, IValueWithReferences
{
    /// <summary>The endpoint.</summary>
    public EndpointReference Endpoint { get; } = endpoint;

    /// <inheritdoc />
    public string ValueExpression =>
        $"{{{Endpoint.Resource.Name}.bindings.{Endpoint.EndpointName}.{property.ToString().ToLowerInvariant()}}}";

    /// <inheritdoc />
    public IEnumerable<object> References => [Endpoint.Resource];

    /// <inheritdoc />
    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) => GetValueAsync(new(), cancellationToken);

    /// <inheritdoc />
    public ValueTask<string?> GetValueAsync(ValueProviderContext context, CancellationToken cancellationToken = default) => new(property switch
    {
        EndpointProperty.Url => Endpoint.Url,
        EndpointProperty.Host => Endpoint.Host,
        EndpointProperty.IPV4Host => "127.0.0.1",
        EndpointProperty.Port => Endpoint.Port.ToString(CultureInfo.InvariantCulture),
        EndpointProperty.Scheme => Endpoint.Scheme,
        EndpointProperty.TargetPort => TargetPort(context).ToString(CultureInfo.InvariantCulture),
        EndpointProperty.HostAndPort => $"{Endpoint.Host}:{Endpoint.Port}",
        _ => throw new NotSupportedException($"The property '{property}' of an endpoint is not known."),
    });

    // Each replica listens on a port of its own, so the answer depends on who asks.
    private int TargetPort(ValueProviderContext context)
    {
        var ports = Endpoint.EndpointAnnotation.AllocatedTargetPorts;
        return ports.Count == 0
            ? Endpoint.Port
            : ports[ReferenceEquals(context.Caller, Endpoint.Resource) ? context.Replica : 0];
    }
}
