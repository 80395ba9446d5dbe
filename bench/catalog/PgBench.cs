using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Npgsql;
using SecureShop.Testing;

namespace SecureShop.Bench.Catalog;

/// <summary>The program that comes with Postgres, with one statement that it has prepared.</summary>
/// <param name="script">The file with the statement.</param>
/// <param name="database">As whom it connects, and where.</param>
/// <param name="product">What <c>:product</c> is.</param>
internal sealed partial class PgBench(string script, NpgsqlConnectionStringBuilder database, Guid product)
{
    private readonly List<double> perSecond = [];

    public IEnumerable<double> PerSecond => perSecond;

    public async Task RunAsync(int connections, int seconds)
    {
        var start = new ProcessStartInfo("pgbench",
        [
            "-n", "-M", "prepared", "-c", Text(connections), "-j", "2", "-T", Text(seconds), "-f", script, "-D", $"product={product:D}",
            "-h", database.Host!, "-p", Text(database.Port), "-U", database.Username!, database.Database!,
        ])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            Environment = { ["PGPASSWORD"] = database.Password, ["PGSSLMODE"] = "verify-full", ["PGSSLROOTCERT"] = TestCertificate.RootFile },
        };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (Rate().Match(said) is not { Success: true } rate)
            throw new InvalidOperationException($"pgbench ended with {process.ExitCode}: {said}{await errors}");
        perSecond.Add(double.Parse(rate.Groups["tps"].ValueSpan, CultureInfo.InvariantCulture));
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex("^tps = (?<tps>[0-9.]+) \\(without initial", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Rate();
}
