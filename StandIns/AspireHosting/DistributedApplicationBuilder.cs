using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;
using SecureShop.StandIns.AspireHosting.ApplicationModel;
using SecureShop.StandIns.AspireHosting.Orchestration;
using SecureShop.StandIns.AspireHosting.Servers;

namespace SecureShop.StandIns.AspireHosting;

internal sealed class DistributedApplicationBuilder : IDistributedApplicationBuilder
{
    public DistributedApplicationBuilder(DistributedApplicationOptions options, CommandLine commandLine, string appHostDirectory)
    {
        Options = options;
        CommandLine = commandLine;
        AppHostDirectory = appHostDirectory;
        DataPath = commandLine.DataDirectory ?? DataDirectory.For(appHostDirectory);
        KeptValues = new KeptValues(Path.Combine(DataPath, KeptValues.FileName));
        Configuration.AddEnvironmentVariables().AddInMemoryCollection(commandLine.Settings);
        Environment = new HostingEnvironment
        {
            ApplicationName = Assembly.GetEntryAssembly()?.GetName().Name ?? "AppHost",
            ContentRootPath = appHostDirectory,
            EnvironmentName = Configuration["DOTNET_ENVIRONMENT"] ?? Configuration["ASPNETCORE_ENVIRONMENT"] ?? Environments.Development,
        };
    }

    public DistributedApplicationOptions Options { get; }

    public CommandLine CommandLine { get; }

    public string DataPath { get; }

    public ConfigurationManager Configuration { get; } = new();

    public string AppHostDirectory { get; }

    public IHostEnvironment Environment { get; }

    public DistributedApplicationExecutionContext ExecutionContext { get; } = new();

    public IList<IResource> Resources { get; } = [];

    public KeptValues KeptValues { get; }

    public Task<TelemetryReceiver?> Receiver { get; set; } = Task.FromResult<TelemetryReceiver?>(null);

    public IResourceBuilder<T> AddResource<T>(T resource) where T : IResource
    {
        if (Resources.Any(known => string.Equals(known.Name, resource.Name, StringComparison.OrdinalIgnoreCase)))
            throw new InvalidOperationException($"There is a resource '{resource.Name}' already.");
        Resources.Add(resource);
        return CreateResourceBuilder(resource);
    }

    public IResourceBuilder<T> CreateResourceBuilder<T>(T resource) where T : IResource => new ResourceBuilder<T>(this, resource);

    public DistributedApplication Build() => new(this);

    private sealed class ResourceBuilder<T>(IDistributedApplicationBuilder builder, T resource) : IResourceBuilder<T> where T : IResource
    {
        public T Resource => resource;

        public IDistributedApplicationBuilder ApplicationBuilder => builder;

        public IResourceBuilder<T> WithAnnotation(IResourceAnnotation annotation)
        {
            resource.Annotations.Add(annotation);
            return this;
        }
    }
}
