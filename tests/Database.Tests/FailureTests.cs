using System.Diagnostics;
using System.Text.RegularExpressions;
using SecureShop.Testing;

namespace SecureShop.Database.Tests;

/// <summary>The program as it is started: exit code, and one sentence that says what to mend.</summary>
public sealed partial class FailureTests(ReadyDatabase ready)
{
    [Fact]
    [Trait("Practice", "P40")]
    public async Task A_good_run_ends_with_0_and_shows_no_secret()
    {
        var (code, output, error) = await RunAsync(Setup.Settings(ready.Admin));
        Assert.Equal(0, code);
        Assert.Empty(error);
        Assert.DoesNotContain(Setup.Password, output, StringComparison.Ordinal);
        Assert.DoesNotContain("SCRAM", output, StringComparison.Ordinal);
    }

    [Fact]
    public Task Without_a_connection_it_says_so() => FailsAsync(settings => settings.Remove("ConnectionStrings:shop"), "set ConnectionStrings:shop");

    [Fact]
    public Task Without_a_password_it_says_so() => FailsAsync(settings => settings.Remove("Roles:orders_app"), "set Roles:orders_app");

    [Fact]
    public Task A_weak_password_is_refused() => FailsAsync(settings => settings["Roles:orders_app"] = "short", "at least 16 printable ASCII characters");

    [Fact]
    public Task A_refused_administrator_is_told() => FailsAsync(
        settings => settings["ConnectionStrings:shop"] = Setup.As(ready.Admin, "postgres_or_so", "a-canary-that-is-wrong"), "check user and password");

    [Fact]
    public Task A_missing_database_is_told() => FailsAsync(
        settings => settings["ConnectionStrings:shop"] = ready.Server.ConnectionString("nowhere"), "does not exist");

    [Fact]
    public Task An_administrator_without_rights_is_told() => FailsAsync(
        settings => settings["ConnectionStrings:shop"] = Setup.As(ready.Admin, "catalog_app"), "CREATEROLE");

    /// <summary>In a process of its own: a process has the tables or it has not.</summary>
    [Fact]
    [Trait("Practice", "P09")]
    public async Task Without_Unicodes_tables_it_says_so()
    {
        var job = new ProcessStartInfo("dotnet", [typeof(Job).Assembly.Location]) { Environment = { ["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "1" } };
        var (exitCode, error) = await Command.RunAsync(job, TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        Assert.Equal(1, exitCode);
        Assert.Contains("sudo apt install libicu-dev", error, StringComparison.Ordinal);
        Assert.Single(error.Trim().Split('\n'));
        Assert.DoesNotMatch(StackFrame(), error);
    }

    private async Task FailsAsync(Action<Dictionary<string, string?>> spoil, string mend)
    {
        var settings = Setup.Settings(ready.Admin);
        spoil(settings);
        var (code, _, error) = await RunAsync(settings);
        Assert.Equal(1, code);
        Assert.Contains(mend, error, StringComparison.Ordinal);
        Assert.Single(error.Trim().Split('\n'));
        Assert.DoesNotContain("a-canary-that-is-wrong", error, StringComparison.Ordinal);
        Assert.DoesNotMatch(StackFrame(), error);
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(Dictionary<string, string?> settings)
    {
        await using var output = new StringWriter();
        await using var error = new StringWriter();
        var (before, beforeError) = (Console.Out, Console.Error);
        Console.SetOut(output);
        Console.SetError(error);
        try
        {
            var arguments = settings.Select(setting => $"--{setting.Key}={setting.Value}").ToArray();
            var code = await Task.Run(() => (int)typeof(Job).Assembly.EntryPoint!.Invoke(null, [arguments])!);
            return (code, output.ToString(), error.ToString());
        }
        finally
        {
            Console.SetOut(before);
            Console.SetError(beforeError);
        }
    }

    [GeneratedRegex(@"^\s+at \w", RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex StackFrame();
}
