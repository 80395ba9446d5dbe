using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SecureShop.EmbeddedServers;

namespace SecureShop.AppHost;

/// <summary>
/// A run on a developer's machine, from the command line to the exit code. What is wrong with this machine is one sentence
/// and exit code 1, before anything runs.
/// </summary>
internal static class LocalRun
{
    /// <summary>What issues the tokens, as the build chose it (TokenEngine.targets).</summary>
    private static string TokenEngine { get; } = typeof(LocalRun).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(metadata => metadata.Key == "TokenEngine").Value!;

    public static async Task<int> StartAsync(string[] args, Action<IDistributedApplicationBuilder, LocalSettings, IStores, KeptSecrets, DataFolder> addShop)
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
        catch (Exception problem) when (problem is SetupException or DistributedApplicationException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync(problem.Message);
            return 1;
        }
    }

    private static async Task<int> RunAsync(CommandLine options, Action<IDistributedApplicationBuilder, LocalSettings, IStores, KeptSecrets, DataFolder> addShop)
    {
        Preflight.CheckUnicode(Environment.GetEnvironmentVariable(Preflight.InvariantVariable));
        await DevelopmentCertificate.EnsureAsync();
        var builder = DistributedApplication.CreateBuilder(new DistributedApplicationOptions
        {
            Args = [.. options.Settings],
            DisableDashboard = !options.Dashboard,
            DashboardApplicationName = "SecureShop",
        });
        if (!builder.ExecutionContext.IsRunMode)
            throw new SetupException("AppHost runs the system on this machine and publishes nothing: 'azd up' deploys, and docs/deploy.md walks through it.");

        var settings = LocalSettings.Read(builder.Configuration);
        Preflight.CheckPorts(settings, builder.Configuration, options.Dashboard);
        using var data = DataFolder.Open(builder.Configuration["Data"] ?? DataDirectory.For(builder.AppHostDirectory));
        await Preflight.AwaitFormerPostgresAsync(data.Postgres, Console.WriteLine);
        var runtime = await StoreChoice.FindRuntimeAsync(builder.Configuration, CancellationToken.None);
        var programs = runtime is null ? await EmbeddedPrograms.FindAsync(options.Fresh ? null : data.Postgres, Console.WriteLine) : null;
        if (options.Fresh)
            await StartOverAsync(data, runtime);

        var kept = KeptSecrets.Open(data);
        if (programs is not null)
            await Preflight.CheckDataAsync(data.Postgres, programs.Postgres, hasPassword: kept.Has(EmbeddedStores.PostgresPassword) || IsSet(EmbeddedStores.PostgresPassword));
        var certificate = DevelopmentCertificate.WriteTo(data.For("certificate"));
        builder.Services.AddSingleton(certificate);
        builder.MakeQuick();
        StartReport.Quieten(builder);

        // Aspire asks Docker for five seconds, also where it only hangs. It is to ask the runtime that answered us, else another.
        builder.Configuration["DcpPublisher:ContainerRuntime"] ??= runtime ?? "podman";
        IStores stores = programs is null ? ContainerStores.Add(builder, kept, runtime!) : EmbeddedStores.Add(builder, data, kept, programs);
        addShop(builder, settings, stores, kept, data);

        await using var app = builder.Build();
        return await WatchAsync(app, new Welcome(app, stores.Description, TokenEngine, certificate));

        bool IsSet(string parameter) => builder.Configuration[$"Parameters:{parameter}"] is not null;
    }

    // Last of what is done before the start: nobody loses data to a run that then does not begin.
    private static async Task StartOverAsync(DataFolder data, string? runtime)
    {
        if (runtime is not null && File.Exists(data.SecretsFile))
            await ContainerStores.DeleteVolumeAsync(KeptSecrets.Open(data), runtime, CancellationToken.None);
        data.Clear();
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
