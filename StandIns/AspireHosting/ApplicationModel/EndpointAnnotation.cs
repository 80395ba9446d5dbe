namespace SecureShop.StandIns.AspireHosting.ApplicationModel;

/// <summary>A port that a resource listens on.</summary>
public sealed class EndpointAnnotation(string name, string uriScheme) : IResourceAnnotation
{
    private int? _port;
    private int? _targetPort;

    /// <summary>Its name, unique in its resource.</summary>
    public string Name { get; } = name;

    /// <summary>The scheme of its URL.</summary>
    public string UriScheme { get; set; } = uriScheme;

    /// <summary>The port that clients use; null to have one found.</summary>
    public int? Port
    {
        get => _port ?? (IsProxied ? null : _targetPort);
        set => _port = value;
    }

    /// <summary>The port that the process listens on; null to have one found.</summary>
    public int? TargetPort
    {
        get => _targetPort ?? (IsProxied ? null : _port);
        set => _targetPort = value;
    }

    /// <summary>Whether something may stand between clients and the process, as several replicas need.</summary>
    public bool IsProxied { get; set; } = true;

    /// <summary>Whether the world outside reaches it.</summary>
    public bool IsExternal { get; set; }

    /// <summary>The address that clients use, once the system starts.</summary>
    internal int? AllocatedPort { get; set; }

    /// <summary>Per replica, the port it listens on.</summary>
    internal IReadOnlyList<int> AllocatedTargetPorts { get; set; } = [];
}
