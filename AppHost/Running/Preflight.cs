using System.Diagnostics;
using System.Globalization;
using SecureShop.EmbeddedServers;

namespace SecureShop.AppHost;

/// <summary>
/// What would keep the system from running, found before anything runs: Aspire itself would start, and fail somewhere in
/// the middle with a stack.
/// </summary>
internal static class Preflight
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(10);

    private static readonly string[] DashboardAddresses =
        ["ASPNETCORE_URLS", "ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL", "ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL", "ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL"];

    /// <summary>Checks every port that somebody has chosen.</summary>
    /// <exception cref="SetupException">With the sentence for the user.</exception>
    public static void CheckPorts(IDistributedApplicationBuilder builder, bool dashboard)
    {
        foreach (var resource in builder.Resources)
        {
            foreach (var endpoint in resource.Annotations.OfType<EndpointAnnotation>())
                Check(endpoint.Port, resource.Name, $"--Ports:{char.ToUpperInvariant(endpoint.Name[0])}{endpoint.Name[1..]}");
        }

        foreach (var name in dashboard ? DashboardAddresses : [])
        {
            foreach (var address in (builder.Configuration[name] ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries))
                Check(new Uri(address).Port, "the dashboard", "--Ports:Dashboard, --Ports:Otlp or --Ports:Resources");
        }
    }

    /// <summary>Waits for the Postgres of a run that was killed, which ends by itself within seconds.</summary>
    /// <exception cref="SetupException">It does not.</exception>
    public static async Task AwaitFormerPostgresAsync(string folder, Action<string> say)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (FormerPostgres(folder) is { } process)
        {
            if (TimeProvider.System.GetElapsedTime(began) > LongestStop)
                throw new SetupException($"Another Postgres (process {process}) still serves {folder}: end it by kill -INT {process}, and start again.");
            if (TimeProvider.System.GetElapsedTime(began) < Pause)
                say("Waiting for the Postgres of the last run to end");
            await Task.Delay(Pause);
        }
    }

    /// <summary>Looks for data that no server can serve.</summary>
    /// <exception cref="SetupException">With the sentence for the user.</exception>
    public static async Task CheckDataAsync(string folder, PostgresBinaries binaries)
    {
        if (!File.Exists(Path.Combine(folder, "PG_VERSION")))
            return;

        // A few milliseconds; the npm package has no such program, and a server that fails tells later.
        var folderOfTools = new FileInfo(binaries.Server).ResolveLinkTarget(returnFinalTarget: true) is FileInfo server ? server.DirectoryName! : binaries.Folder;
        var tool = Path.Combine(folderOfTools, "pg_controldata");
        if (!File.Exists(tool))
            return;
        using var check = Process.Start(new ProcessStartInfo(tool, ["-D", folder])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["LC_ALL"] = "C" },
        })!;
        var errors = check.StandardError.ReadToEndAsync();
        var words = await check.StandardOutput.ReadToEndAsync();
        await check.WaitForExitAsync();
        if (check.ExitCode != 0 || words.StartsWith("WARNING", StringComparison.Ordinal))
        {
            throw new SetupException(
                $"The data in {folder} is damaged ({(await errors).Trim().Split('\n')[^1]}). Restore that folder from a copy, or start over with --fresh.");
        }
    }

    private static int? FormerPostgres(string folder)
    {
        var file = Path.Combine(folder, "postmaster.pid");
        return File.Exists(file)
            && int.TryParse(File.ReadLines(file).FirstOrDefault(), CultureInfo.InvariantCulture, out var process)
            && IsPostgres(process) ? process : null;
    }

    private static bool IsPostgres(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return process.ProcessName.StartsWith("postgres", StringComparison.Ordinal);
        }
        catch (Exception problem) when (problem is ArgumentException or InvalidOperationException)
        {
            return false;
        }
    }

    private static void Check(int? port, string whose, string option)
    {
        if (port is > 0 and { } chosen && !LoopbackPort.IsFree(chosen))
            throw new SetupException($"Port {chosen} of {whose} is taken: stop the program that listens there, or choose another port with {option}.");
    }
}
