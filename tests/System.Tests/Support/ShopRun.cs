using System.Diagnostics;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace SecureShop.SystemTests.Support;

/// <summary>The real AppHost in this process, with data of its own, on ports that it draws itself.</summary>
public sealed class ShopRun : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly RunFolder folder = new();

    private ShopRun()
    {
    }

    public DistributedApplication App { get; private set; } = null!;

    public Place Place { get; private set; } = null!;

    /// <summary>The door without TLS.</summary>
    public Uri Plain => App.GetEndpoint("gateway", "plain");

    private ResourceNotificationService States => App.ResourceNotifications;

    /// <summary>Starts it and waits until the gateway serves.</summary>
    /// <param name="options">Options of AppHost's beside those for data and ports.</param>
    /// <param name="change">What is to be different before anything starts.</param>
    public static async Task<ShopRun> StartAsync(string[] options, Action<IDistributedApplicationTestingBuilder>? change = null)
    {
        var run = new ShopRun();
        try
        {
            await run.StartItAsync(options, change);
            return run;
        }
        catch
        {
            await run.DisposeAsync();
            throw;
        }
    }

    /// <summary>A service's own address, which the world does not know.</summary>
    public Uri Service(string name) => App.GetEndpoint(name, "https");

    /// <summary>Waits for a state, the present one included.</summary>
    public Task<ResourceEvent> UntilAsync(string resource, Func<CustomResourceSnapshot, bool> holds) =>
        States.WaitForResourceAsync(resource, told => holds(told.Snapshot), TestContext.Current.CancellationToken).WaitAsync(Patience);

    /// <summary>Waits until another process than <paramref name="former"/> serves.</summary>
    public Task RestartedAsync(string resource, int former) =>
        UntilAsync(resource, state => IsServing(state) && ProcessIdOf(state) is { } id && id != former);

    public async Task<int> ProcessIdAsync(string resource) =>
        ProcessIdOf((await UntilAsync(resource, state => IsServing(state) && ProcessIdOf(state) is not null)).Snapshot)!.Value;

    /// <summary>As the out-of-memory killer does. Afterwards the process is gone, and AppHost has yet to notice.</summary>
    /// <returns>The process that was.</returns>
    public async Task<int> KillAsync(string resource)
    {
        var id = await ProcessIdAsync(resource);
        using var victim = Process.GetProcessById(id);
        victim.Kill(entireProcessTree: false);
        await victim.WaitForExitAsync(TestContext.Current.CancellationToken);
        return id;
    }

    /// <summary>As a click on the dashboard's button does.</summary>
    public async Task CommandAsync(string resource, string command)
    {
        var id = (await UntilAsync(resource, _ => true)).ResourceId;
        var result = await App.ResourceCommands.ExecuteCommandAsync(id, command, TestContext.Current.CancellationToken);
        Assert.True(result.Success, $"{command} {resource}: {result.Message}");
    }

    /// <summary>Ends all of it, and fails if anything is left.</summary>
    public async ValueTask DisposeAsync()
    {
        if (App is not null)
        {
            await App.StopAsync();
            await App.DisposeAsync();
        }

        try
        {
            await folder.EmptiedAsync();
        }
        finally
        {
            folder.Delete();
        }
    }

    private async Task StartItAsync(string[] options, Action<IDistributedApplicationTestingBuilder>? change)
    {
        Environment.SetEnvironmentVariable(RunFolder.Variable, folder.Path);
        string[] arguments =
        [
            $"--data-dir={folder.Data}",
            "--Ports:Shop=0", "--Ports:Identity=0", "--Ports:Plain=0", "--Ports:Dashboard=0", "--Ports:Otlp=0", "--Ports:Resources=0",
            .. options,
        ];

        // Aspire's test host turns both the other way round: the dashboard off and TLS to it, too.
        if (!options.Any(option => option.StartsWith("--ASPIRE_ALLOW", StringComparison.Ordinal)))
            arguments = [.. arguments, "--ASPIRE_ALLOW_UNSECURED_TRANSPORT=false"];
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.AppHost>(
            arguments, (settings, _) => settings.DisableDashboard = options.Contains("--no-dashboard", StringComparer.Ordinal));

        // It also repeats every line of every resource; who wants them asks for them.
        builder.Services.AddLogging(logging => logging.AddFilter($"{builder.Environment.ApplicationName}.Resources", LogLevel.None));
        change?.Invoke(builder);
        App = await builder.BuildAsync();
        await App.StartAsync();
        await States.WaitForResourceHealthyAsync("gateway").WaitAsync(Patience);
        Place = new(folder.Data, App.GetEndpoint("gateway", "shop"), App.GetEndpoint("gateway", "identity"), App.GetEndpoint("mailbox", "https"));
    }

    private static int? ProcessIdOf(CustomResourceSnapshot state) =>
        state.Properties.FirstOrDefault(property => property.Name == "executable.pid")?.Value as int?;

    private static bool IsServing(CustomResourceSnapshot state) =>
        state.State?.Text == KnownResourceStates.Running && state.HealthStatus == Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Healthy;
}
