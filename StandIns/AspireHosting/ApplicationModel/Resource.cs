namespace SecureShop.StandIns.AspireHosting.ApplicationModel;

/// <summary>Something that the system consists of.</summary>
public interface IResource
{
    /// <summary>Its name, unique in the model.</summary>
    string Name { get; }

    /// <summary>What is known about it.</summary>
    IList<IResourceAnnotation> Annotations { get; }
}

/// <summary>A fact about a resource.</summary>
public interface IResourceAnnotation;

/// <summary>A resource that is given environment variables.</summary>
public interface IResourceWithEnvironment : IResource;

/// <summary>A resource that listens.</summary>
public interface IResourceWithEndpoints : IResource;

/// <summary>A resource that others find by its name.</summary>
public interface IResourceWithServiceDiscovery : IResourceWithEndpoints;

/// <summary>A resource that may wait for others.</summary>
public interface IResourceWithWaitSupport : IResource;

/// <summary>A resource that belongs to another one.</summary>
public interface IResourceWithParent : IResource
{
    /// <summary>The owner.</summary>
    IResource Parent { get; }
}

/// <summary>A named resource.</summary>
public abstract class Resource(string name) : IResource
{
    /// <inheritdoc />
    public string Name { get; } = name;

    /// <inheritdoc />
    public IList<IResourceAnnotation> Annotations { get; } = [];
}

/// <summary>A .NET project that is started as a process.</summary>
public sealed class ProjectResource(string name)
    : Resource(name), IResourceWithEnvironment, IResourceWithServiceDiscovery, IResourceWithWaitSupport;

/// <summary>Adds facts to a resource.</summary>
public interface IResourceBuilder<out T> where T : IResource
{
    /// <summary>The resource.</summary>
    T Resource { get; }

    /// <summary>The model it belongs to.</summary>
    IDistributedApplicationBuilder ApplicationBuilder { get; }

    /// <summary>Adds a fact.</summary>
    IResourceBuilder<T> WithAnnotation(IResourceAnnotation annotation);
}
