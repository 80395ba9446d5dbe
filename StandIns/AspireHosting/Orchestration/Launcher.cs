using System.Runtime.InteropServices;
using SecureShop.StandIns.AspireDashboard;
using SecureShop.StandIns.AspireHosting.ApplicationModel;
using SecureShop.StandIns.AspireHosting.Certificates;
using SecureShop.StandIns.AspireHosting.Processes;
using SecureShop.StandIns.AspireHosting.Servers;

namespace SecureShop.StandIns.AspireHosting.Orchestration;

/// <summary>Starts one replica of a resource.</summary>
internal sealed class Launcher(
    DistributedApplicationBuilder model,
    DataFolder folder,
    DevelopmentCertificates certificates,
    ProcessGuard guard,
    HostConsole console,
    ConsoleHistory? history,
    SecretValues secrets)
{
    /// <exception cref="HostingException">It cannot start, and why.</exception>
    public Task<Instance> LaunchAsync(ResourceNode node, int replica, CancellationToken cancellationToken) => node.Resource switch
    {
        ProjectResource project => LaunchProjectAsync(node, project, replica, cancellationToken),
        PostgresServerResource postgres => LaunchPostgresAsync(node, postgres, cancellationToken),
        RedisResource redis => LaunchRedisAsync(node, redis, cancellationToken),
        _ => throw new NotSupportedException($"'{node.Name}' is of a kind that the stand-in cannot start."),
    };

    private async Task<Instance> LaunchProjectAsync(ResourceNode node, ProjectResource project, int replica, CancellationToken cancellationToken)
    {
        var metadata = project.Annotations.OfType<IProjectMetadata>().Last();
        if (!File.Exists(metadata.TargetPath))
            throw new HostingException($"{node.Name} is not built ({metadata.TargetPath} is missing): run dotnet build.");

        var certificate = certificates.Issue(node.Name);
        var own = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["SSL_CERT_FILE"] = certificates.AuthorityPath,
            ["PGSSLROOTCERT"] = certificates.AuthorityPath,
            ["Kestrel__Certificates__Default__Path"] = certificate.CertificatePath,
            ["Kestrel__Certificates__Default__KeyPath"] = certificate.KeyPath,
            ["DOTNET_ROOT"] = DotnetRoot,
        };
        if (Terminal.HasColours)
            own["DOTNET_SYSTEM_CONSOLE_ALLOW_ANSI_COLOR_REDIRECTION"] = "true";
        var environment = await ProjectEnvironment.ComposeAsync(project, replica, model.ExecutionContext, own, cancellationToken);
        if (replica == 0)
            node.Environment = new EnvironmentMask(secrets).Of(environment);
        var (program, arguments) = Program(metadata.TargetPath);
        var child = ChildProcess.Start(
            new ProcessStart
            {
                FileName = program,
                Arguments = arguments,
                WorkingDirectory = Path.GetDirectoryName(metadata.ProjectPath),
                Environment = environment,
            },
            guard,
            line => Hear(node, replica, line.Text));
        return new(child.Id, child.Exited, child.StopAsync, child);
    }

    private async Task<Instance> LaunchPostgresAsync(ResourceNode node, PostgresServerResource postgres, CancellationToken cancellationToken)
    {
        var path = folder.For(node.Name);
        // Of an earlier run; of this one it is what the others work with.
        if (!node.Started.IsCompleted && !postgres.Annotations.OfType<DataVolumeAnnotation>().Any())
            folder.Clear([node.Name]);
        var server = await PostgresServer.StartAsync(
            new PostgresOptions
            {
                DataDirectory = path,
                Password = (await postgres.PasswordParameter.GetValueAsync(cancellationToken))!,
                Certificates = certificates,
                Port = postgres.PrimaryEndpoint.Port,
            },
            guard,
            line => Hear(node, 0, line),
            cancellationToken);
        try
        {
            foreach (var database in postgres.Databases)
                await server.EnsureDatabaseAsync(database.DatabaseName, cancellationToken);
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }

        return new(server.ProcessId, server.Exited, server.StopAsync, server);
    }

    private async Task<Instance> LaunchRedisAsync(ResourceNode node, RedisResource redis, CancellationToken cancellationToken)
    {
        var server = await RedisServer.StartAsync(
            new RedisOptions
            {
                DataDirectory = folder.For(node.Name),
                Password = (await redis.PasswordParameter.GetValueAsync(cancellationToken))!,
                Certificates = certificates,
                Port = redis.PrimaryEndpoint.Port,
            },
            guard,
            line => Hear(node, 0, line),
            cancellationToken);
        return new(server.ProcessId, server.Exited, server.StopAsync, server);
    }

    private void Hear(ResourceNode node, int replica, string line)
    {
        var name = node.NameOf(replica);
        node.LastLines.Add(line);
        console.Log(name, line);
        // Whoever may see the dashboard is not thereby to know what a part let slip.
        history?.Add(node.Name, name, secrets.Hide(line));
    }

    // The program itself where the build made one: it bears its own name in the list of processes.
    private static (string Program, string[] Arguments) Program(string target)
    {
        if (!target.EndsWith(".dll", StringComparison.OrdinalIgnoreCase))
            return (target, []);
        var program = Path.ChangeExtension(target, OperatingSystem.IsWindows() ? ".exe" : null);
        return File.Exists(program)
            ? (program, [])
            : (Path.Combine(DotnetRoot, OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"), ["exec", target]);
    }

    // .../dotnet/shared/Microsoft.NETCore.App/10.0.0/ is where this process runs from.
    private static string DotnetRoot => Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
}
