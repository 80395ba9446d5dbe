using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Configuration;
using SecureShop.EmbeddedServers;

namespace SecureShop.AppHost;

/// <summary>
/// What would keep the system from running, found before anything runs: Aspire itself would start, and fail somewhere in
/// the middle with a stack.
/// </summary>
internal static class Preflight
{
    /// <summary>Switches Unicode's tables off for everything that .NET runs.</summary>
    public const string InvariantVariable = "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(10);

    private static readonly string[] DashboardAddresses =
        ["ASPNETCORE_URLS", "ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL", "ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL", "ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL"];

    /// <summary>Checks every port that is chosen and not left to Aspire.</summary>
    /// <exception cref="SetupException">With the sentence for the user.</exception>
    public static void CheckPorts(LocalSettings settings, IConfiguration configuration, bool dashboard)
    {
        Check(settings.Shop, "the shop", "--Ports:Shop");
        Check(settings.Identity, "the identity server", "--Ports:Identity");
        Check(settings.Plain, "plain http", "--Ports:Plain");
        foreach (var name in dashboard ? DashboardAddresses : [])
        {
            foreach (var address in (configuration[name] ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries))
            {
                if (!Uri.TryCreate(address, UriKind.Absolute, out var uri))
                    throw new SetupException($"{name} is no address: {address}.");
                Check(uri.Port, "the dashboard", "--Ports:Dashboard, --Ports:Otlp or --Ports:Resources");
            }
        }
    }

    /// <summary>Looks for Unicode's tables: the services do not start without.</summary>
    /// <exception cref="SetupException">With the sentence for the user.</exception>
    public static void CheckUnicode(string? invariant)
    {
        // .NET's own tools need ICU, too: whoever got so far has it, unless this says to do without.
        if (invariant is "1" || string.Equals(invariant, "true", StringComparison.OrdinalIgnoreCase))
        {
            throw new SetupException(
                $"{InvariantVariable}={invariant} keeps the services from comparing names and passwords: unset it, and where ICU is missing "
                + $"install it with '{InstallHint.Icu}'.");
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
    public static async Task CheckDataAsync(string folder, PostgresBinaries binaries, bool hasPassword)
    {
        if (!File.Exists(Path.Combine(folder, "PG_VERSION")))
            return;
        if (!hasPassword)
            throw new SetupException($"The password to the data in {folder} is gone. Restore secrets.json beside it from a copy, or start over with --fresh.");

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
            && Serves(process, folder) ? process : null;
    }

    // A process id is given out again, and this machine may have another Postgres: a server works in its data folder.
    private static bool Serves(int id, string folder)
    {
        try
        {
            if (OperatingSystem.IsLinux())
                return new FileInfo($"/proc/{id}/cwd").LinkTarget == folder;
            using var process = Process.GetProcessById(id);
            return process.ProcessName.StartsWith("postgres", StringComparison.Ordinal);
        }
        catch (Exception problem) when (problem is ArgumentException or InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            // There is none, or it is somebody else's: Postgres itself has the last word.
            return false;
        }
    }

    private static void Check(int? port, string whose, string option)
    {
        if (port is > 0 and { } chosen && !LoopbackPort.IsFree(chosen))
            throw new SetupException($"Port {chosen} of {whose} is taken: stop the program that listens there, or choose another port with {option}.");
    }
}
