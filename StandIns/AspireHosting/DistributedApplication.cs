using System.Reflection;
using SecureShop.StandIns.AspireHosting.Orchestration;

namespace SecureShop.StandIns.AspireHosting;

/// <summary>The system, ready to run.</summary>
public sealed class DistributedApplication
{
    private readonly DistributedApplicationBuilder _model;

    internal DistributedApplication(DistributedApplicationBuilder model) => _model = model;

    /// <summary>Begins a model. Asked for help, or with options it does not know, it answers and ends the process.</summary>
    public static IDistributedApplicationBuilder CreateBuilder(DistributedApplicationOptions options)
    {
        try
        {
            var commandLine = CommandLine.Parse(options.Args ?? []);
            if (commandLine.Help)
            {
                Console.Out.WriteLine(CommandLine.HelpText);
                Environment.Exit(0);
            }

            return new DistributedApplicationBuilder(options, commandLine, AppHostDirectory());
        }
        catch (HostingException problem)
        {
            Console.Error.WriteLine(problem.Message);
            Environment.Exit(1);
            throw;
        }
    }

    /// <summary>Starts everything, and stops it again on Ctrl+C or SIGTERM.</summary>
    public async Task RunAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            await using var console = new HostConsole(Console.Out, Terminal.HasColours);
            using var signals = new StopSignals(cancellationToken);
            Environment.ExitCode = await Orchestrator.RunAsync(_model, console, TimeProvider.System, signals.Stop);
        }
        catch (HostingException problem)
        {
            await Console.Error.WriteLineAsync(problem.Message);
            Environment.ExitCode = 1;
        }
    }

    /// <summary>As <see cref="RunAsync"/>.</summary>
    public void Run() => RunAsync().GetAwaiter().GetResult();

    // The build writes it into the AppHost's assembly, as Aspire's does.
    private static string AppHostDirectory() =>
        Assembly.GetEntryAssembly()?.GetCustomAttributes<AssemblyMetadataAttribute>()
            .FirstOrDefault(attribute => attribute.Key == "apphostprojectpath")?.Value ?? Directory.GetCurrentDirectory();
}
