using System.Globalization;
using SecureShop.Testing;

namespace SecureShop.EmbeddedServers.Tests;

/// <summary>What another account of the machine can learn about the servers: nothing.</summary>
public sealed class SecretsTests(Running running)
{
    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact, Trait("Practice", "P40")]
    public async Task A_password_is_on_no_command_line_and_in_no_environment_while_a_server_is_made_and_runs()
    {
        using var place = new TestServers();
        using var made = new CancellationTokenSource();
        var looking = LookAsync(place.Password, made.Token);
        await using (await place.StartPostgresAsync(Cancellation))
        await using (await place.StartRedisAsync(Cancellation))
        {
            await made.CancelAsync();
            var (seen, processes) = await looking;
            Assert.InRange(processes, 10, int.MaxValue);
            Assert.Empty(seen);
        }
    }

    [Theory, Trait("Practice", "P40")]
    [InlineData("postgres", "server.key")]
    [InlineData("postgres", "pg_hba.conf")]
    [InlineData("redis", "server.key")]
    [InlineData("redis", "settings.conf")]
    public void Its_files_are_read_by_its_account_alone(string server, string file)
    {
        var folder = running.Place.Folder(server);
        Assert.Equal(OwnerFile, File.GetUnixFileMode(Path.Combine(folder, file)));
        Assert.Equal(OwnerFile | UnixFileMode.UserExecute, File.GetUnixFileMode(folder));
    }

    [Fact, Trait("Practice", "P40")]
    public void The_password_of_Redis_is_in_its_settings_alone()
    {
        var holders = Directory.EnumerateFiles(running.Place.Folder("redis"), "*", SearchOption.AllDirectories)
            .Where(path => File.ReadAllText(path).Contains(running.Place.Password, StringComparison.Ordinal));
        Assert.Equal("settings.conf", Path.GetFileName(Assert.Single(holders)));
    }

    [Fact, Trait("Practice", "P13")]
    public async Task Started_by_root_the_servers_run_as_nobody()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only root drops its rights.");
        var nobody = ServerAccount.Current!.User.ToString(CultureInfo.InvariantCulture);
        foreach (var server in (int[])[running.Postgres.ProcessId, running.Redis.ProcessId])
        {
            var lines = await File.ReadAllLinesAsync($"/proc/{server}/status", Cancellation);
            var ids = lines.Single(line => line.StartsWith("Uid:", StringComparison.Ordinal)).Split('\t')[1..];
            Assert.All(ids, id => Assert.Equal(nobody, id));
        }
    }

    /// <summary>Where a word shows in /proc, looked for again and again.</summary>
    private static async Task<(HashSet<string> Seen, int Processes)> LookAsync(string word, CancellationToken until)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var processes = 0;
        while (!until.IsCancellationRequested)
        {
            foreach (var process in Directory.EnumerateDirectories("/proc").Where(path => char.IsAsciiDigit(Path.GetFileName(path)[0])))
            {
                processes++;
                foreach (var file in (string[])["cmdline", "environ"])
                {
                    if (Read(Path.Combine(process, file)).Contains(word, StringComparison.Ordinal))
                        seen.Add($"{process}/{file}");
                }
            }

            await Task.Yield();
        }

        return (seen, processes);
    }

    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            // It has ended, or belongs to somebody else.
            return "";
        }
    }
}
