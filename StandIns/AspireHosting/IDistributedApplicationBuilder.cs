using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using SecureShop.StandIns.AspireHosting.ApplicationModel;
using SecureShop.StandIns.AspireHosting.Orchestration;

namespace SecureShop.StandIns.AspireHosting;

/// <summary>Collects what the system consists of.</summary>
public interface IDistributedApplicationBuilder
{
    /// <summary>Settings from the environment and the command line.</summary>
    ConfigurationManager Configuration { get; }

    /// <summary>Where the AppHost project is.</summary>
    string AppHostDirectory { get; }

    /// <summary>Which environment it runs in.</summary>
    IHostEnvironment Environment { get; }

    /// <summary>How the model is used.</summary>
    DistributedApplicationExecutionContext ExecutionContext { get; }

    /// <summary>All resources.</summary>
    IList<IResource> Resources { get; }

    /// <summary>Generated values that stay the same between runs.</summary>
    internal KeptValues KeptValues { get; }

    /// <summary>The dashboard's receiver of telemetry, once it is up; null where there is none.</summary>
    internal Task<TelemetryReceiver?> Receiver { get; }

    /// <summary>Adds a resource.</summary>
    IResourceBuilder<T> AddResource<T>(T resource) where T : IResource;

    /// <summary>A builder for a resource that is in the model.</summary>
    IResourceBuilder<T> CreateResourceBuilder<T>(T resource) where T : IResource;

    /// <summary>Closes the model.</summary>
    DistributedApplication Build();
}

/// <summary>How the model is used. The stand-in only runs it; deploying takes Aspire.</summary>
public sealed class DistributedApplicationExecutionContext
{
    /// <summary>Whether the system runs here.</summary>
    public bool IsRunMode => true;

    /// <summary>Whether a deployment is written.</summary>
    public bool IsPublishMode => !IsRunMode;
}
