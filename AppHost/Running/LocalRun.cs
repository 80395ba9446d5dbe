using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SecureShop.EmbeddedServers;

namespace SecureShop.AppHost;

/// <summary>
/// A run on a developer's machine, from the command line to the exit code. Everything up to the start only looks and
/// declares: what is wrong with this machine is one sentence and exit code 1, before anything runs.
/// </summary>
internal static class LocalRun
{
    /// <summary>What issues the tokens, as the build chose it (TokenEngine.targets).</summary>
    private static string TokenEngine { get; } = typeof(LocalRun).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(metadata => metadata.Key == "TokenEngine").Value!;

    public static async Task<int> StartAsync(string[] args, Action<IDistributedApplicationBuilder, IStores, KeptSecrets> addShop)
    {
        try
        {
            var options = CommandLine.Parse(args);
            if (options.Help)
            {
                await Console.Out.WriteLineAsync(CommandLine.HelpText);
                return 0;
            }

            return await RunAsync(options, addShop);
        }
        catch (Exception problem) when (problem is SetupException or DistributedApplicationException)
        {
            await Console.Error.WriteLineAsync(problem.Message);
            return 1;
        }
    }

    private static async Task<int> RunAsync(CommandLine options, Action<IDistributedApplicationBuilder, IStores, KeptSecrets> addShop)
    {
        await DevelopmentCertificate.EnsureAsync();
        var builder = DistributedApplication.CreateBuilder(new DistributedApplicationOptions
        {
            Args = [.. options.Settings],
            DisableDashboard = !options.Dashboard,
            DashboardApplicationName = "SecureShop",
        });
        if (!builder.ExecutionContext.IsRunMode)
            throw new SetupException("AppHost runs the system on this machine and publishes nothing; docs/deploy.md tells how to deploy.");

        using var data = DataFolder.Open(builder.Configuration["Data"] ?? DataDirectory.For(builder.AppHostDirectory));
        var runtime = await StoreChoice.FindRuntimeAsync(builder.Configuration, CancellationToken.None);
        await Preflight.AwaitFormerPostgresAsync(data.For("postgres"), Console.WriteLine);
        if (options.Fresh)
        {
            data.Clear();
            if (runtime is not null)
                await ContainerRuntime.DeleteVolumeAsync(runtime, ContainerStores.VolumeOf(data), CancellationToken.None);
        }

        var kept = KeptSecrets.Open(data);
        var certificate = DevelopmentCertificate.WriteTo(data.For("certificate"));
        builder.Services.AddSingleton(certificate);
        builder.MakeQuick();

        // Aspire asks Docker for five seconds, also where it only hangs. It is to ask the runtime that answered us, or one that is not there.
        builder.Configuration["DcpPublisher:ContainerRuntime"] ??= runtime ?? "podman";
        StartReport.Quieten(builder);

        IStores stores = runtime is null
            ? await EmbeddedStores.AddAsync(builder, data, kept, Console.WriteLine)
            : ContainerStores.Add(builder, data, kept, runtime);
        addShop(builder, stores, kept);
        Preflight.CheckPorts(builder, options.Dashboard);

        await using var app = builder.Build();
        return await WatchAsync(app, new Welcome(app, stores.Description, TokenEngine, certificate));
    }

    // Watching begins before the run: hosted services of ours would only come up when Aspire's own have finished the start.
    private static async Task<int> WatchAsync(DistributedApplication app, Welcome welcome)
    {
        var lifetime = app.Services.GetRequiredService<IHostApplicationLifetime>();
        var code = 0;
        Task[] watchers =
        [
            new StartReport(app, Console.Out, welcome).RunAsync(lifetime.ApplicationStopping),
            new Supervisor(app, Console.WriteLine, GiveUp).RunAsync(lifetime.ApplicationStopping),
        ];
        var run = app.RunAsync();

        // A watcher ends by being cancelled; one that fails must not leave a run that nobody watches.
        if (await Task.WhenAny([run, .. watchers]) is { IsFaulted: true })
            lifetime.StopApplication();
        await run;
        await Task.WhenAll(watchers.Select(async watcher =>
        {
            try
            {
                await watcher;
            }
            catch (OperationCanceledException)
            {
                // The stop.
            }
        }));
        return code;

        void GiveUp()
        {
            code = 1;
            lifetime.StopApplication();
        }
    }
}
