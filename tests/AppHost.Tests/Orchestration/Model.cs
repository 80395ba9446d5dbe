using System.Text;
using SecureShop.StandIns.AspireDashboard;
using SecureShop.StandIns.AspireHosting;
using SecureShop.StandIns.AspireHosting.ApplicationModel;
using SecureShop.StandIns.AspireHosting.Orchestration;

namespace SecureShop.AppHost.Tests.Orchestration;

/// <summary>A model in a folder of its own, and what running it has said.</summary>
internal sealed class Model : IDisposable
{
    private readonly Transcript _transcript = new();

    public Model(params string[] args)
    {
        // Where tests run as root, Postgres does not: it has to be able to walk through here.
        File.SetUnixFileMode(Folder, File.GetUnixFileMode(Folder) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        Builder = new DistributedApplicationBuilder(new() { DisableDashboard = true }, CommandLine.Parse([.. args, "--data-dir", Folder]), Folder);
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("apphost-tests-").FullName;

    public DistributedApplicationBuilder Builder { get; }

    public string Output => _transcript.Text;

    /// <summary>What the dashboard sees, while it runs.</summary>
    public ResourceBoard Board { get; private set; } = null!;

    public ResourceSnapshot Of(string resource) => Board.Resources.Single(snapshot => snapshot.Name == resource);

    public Task<string?> TellAsync(string resource, ResourceCommand command) => Board.ExecuteAsync(resource, command, TestContext.Current.CancellationToken);

    public Task UntilAsync(string resource, string state) => Eventually.IsTrue(() => Of(resource).State == state);

    public IResourceBuilder<ProjectResource> AddService(string name, int replicas = 1) =>
        Builder.AddProject<Child>(name)
            .WithEnvironment("CHILD", "service")
            .WithHttpEndpoint(name: "http")
            .WithHttpHealthCheck("/health/ready", endpointName: "http")
            .WithReplicas(replicas);

    public IResourceBuilder<ProjectResource> AddJob(string name, int exitCode = 0) =>
        Builder.AddProject<Child>(name).WithEnvironment("CHILD", "job").WithEnvironment("JOB_EXIT", exitCode.ToString());

    public async Task<int> RunAsync(CancellationToken stop)
    {
        await using var console = new HostConsole(_transcript, colours: false);
        return await Orchestrator.RunAsync(Builder, console, TimeProvider.System, stop, board => Board = board);
    }

    /// <summary>Runs until a part says that it is healthy (its first time), does something, and stops.</summary>
    public async Task RunUntilReadyAsync(IResourceBuilder<ProjectResource> last, Func<Task> then, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        last.OnResourceReady((_, _, _) =>
        {
            ready.SetResult();
            return Task.CompletedTask;
        });
        var running = RunAsync(stop.Token);
        await await Task.WhenAny(running, ready.Task);
        try
        {
            await then();
        }
        finally
        {
            await stop.CancelAsync();
            await running;
        }
    }

    public void Dispose()
    {
        _transcript.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    internal sealed class Child : IProjectMetadata
    {
        public string ProjectPath => Path.Combine(AppContext.BaseDirectory, "AppHost.Child.csproj");

        public string TargetPath => Path.Combine(AppContext.BaseDirectory, "AppHost.Child.dll");
    }

    private sealed class Transcript : TextWriter
    {
        private readonly Lock _lock = new();
        private readonly StringBuilder _text = new();

        public override Encoding Encoding => Encoding.UTF8;

        public string Text
        {
            get
            {
                lock (_lock)
                    return _text.ToString();
            }
        }

        public override Task WriteLineAsync(string? value)
        {
            lock (_lock)
                _text.AppendLine(value);
            return Task.CompletedTask;
        }
    }
}
