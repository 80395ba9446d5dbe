using Npgsql;
using SecureShop.Testing;

namespace SecureShop.EmbeddedServers.Tests;

public sealed class PostgresServerTests(Running running)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact, Trait("Practice", "P20")]
    public async Task A_verified_connection_with_the_password_works_and_is_encrypted()
    {
        Assert.StartsWith("TLSv1.", await AskAsync("SELECT version FROM pg_stat_ssl WHERE pid = pg_backend_pid() AND ssl", _ => { }), StringComparison.Ordinal);
    }

    [Fact, Trait("Practice", "P20")]
    public async Task Plain_TCP_is_refused()
    {
        var problem = await Assert.ThrowsAsync<PostgresException>(() => AskAsync("SELECT 'in'", settings =>
        {
            settings.SslMode = SslMode.Disable;
            settings.ChannelBinding = ChannelBinding.Disable;
        }));
        Assert.Equal(PostgresErrorCodes.InvalidAuthorizationSpecification, problem.SqlState);
    }

    [Fact, Trait("Practice", "P20")]
    public async Task A_client_that_trusts_only_the_worlds_authorities_refuses_the_server()
    {
        var problem = await Assert.ThrowsAnyAsync<NpgsqlException>(() => AskAsync("SELECT 'in'", settings => settings.RootCertificate = null));
        Assert.IsType<System.Security.Authentication.AuthenticationException>(problem.InnerException);
    }

    [Fact, Trait("Practice", "P20")]
    public async Task A_server_with_the_certificate_of_another_host_is_not_spoken_to()
    {
        using var embedded = new TestServers();
        var problem = await Assert.ThrowsAsync<SetupException>(() => StartAsync(embedded, options => options with
        {
            Certificate = OtherCertificate.Write(embedded.Folder("certificate")),
        }));
        Assert.Contains("certificate", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_password_is_refused()
    {
        var problem = await Assert.ThrowsAsync<PostgresException>(() => AskAsync("SELECT 'in'", settings => settings.Password = "wrong"));
        Assert.Equal(PostgresErrorCodes.InvalidPassword, problem.SqlState);
    }

    [Theory]
    [InlineData("password_encryption", "scram-sha-256")]
    [InlineData("data_checksums", "on")]
    [InlineData("unix_socket_directories", "")]
    [InlineData("server_encoding", "UTF8")]
    public async Task It_is_set_up_as_it_should_be(string setting, string value)
        => Assert.Equal(value, await AskAsync($"SELECT current_setting('{setting}')", _ => { }));

    [Fact]
    public async Task It_listens_on_loopback_alone()
        => Assert.Contains(await AskAsync("SHOW listen_addresses", _ => { }), new[] { "127.0.0.1", "127.0.0.1,::1", "127.0.0.1, ::1" });

    [Fact]
    public async Task Data_lasts_between_runs_and_the_password_stays()
    {
        using var embedded = new TestServers();
        await using (var first = await embedded.StartPostgresAsync(Cancellation))
            Assert.Equal("a word", await AskAsync("CREATE TABLE kept AS SELECT 'a word'::text; SELECT * FROM kept", _ => { }, first));
        await using (var second = await embedded.StartPostgresAsync(Cancellation))
            Assert.Equal("a word", await AskAsync("SELECT * FROM kept", _ => { }, second));

        var problem = await Assert.ThrowsAsync<SetupException>(() => StartAsync(embedded, options => options with { Password = "another" }));
        Assert.Contains("--fresh", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_server_on_the_same_data_is_one_sentence()
    {
        using var embedded = new TestServers();
        await using var first = await embedded.StartPostgresAsync(Cancellation);
        var problem = await Assert.ThrowsAsync<SetupException>(() => embedded.StartPostgresAsync(Cancellation));
        Assert.Contains("Another Postgres already serves", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_with_other_files_is_one_sentence_and_stays_untouched()
    {
        using var embedded = new TestServers();
        Directory.CreateDirectory(embedded.Folder("postgres"));
        await File.WriteAllTextAsync(Path.Combine(embedded.Folder("postgres"), "thesis.txt"), "mine", Cancellation);
        var problem = await Assert.ThrowsAsync<SetupException>(() => embedded.StartPostgresAsync(Cancellation));
        Assert.Contains("no Postgres data", problem.Message, StringComparison.Ordinal);
        Assert.Equal("mine", await File.ReadAllTextAsync(Path.Combine(embedded.Folder("postgres"), "thesis.txt"), Cancellation));
    }

    [Fact]
    public async Task Broken_data_is_one_sentence_with_the_mend()
    {
        using var embedded = new TestServers();
        await using (await embedded.StartPostgresAsync(Cancellation))
        {
            // Initialised.
        }

        File.Delete(Path.Combine(embedded.Folder("postgres"), "global", "pg_control"));
        var problem = await Assert.ThrowsAsync<SetupException>(() => embedded.StartPostgresAsync(Cancellation));
        Assert.Contains(embedded.Folder("postgres"), problem.Message, StringComparison.Ordinal);
        Assert.Contains("start over with --fresh", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Data_of_another_version_is_one_sentence_with_the_mend()
    {
        using var embedded = new TestServers();
        Directory.CreateDirectory(embedded.Folder("postgres"));
        await File.WriteAllTextAsync(Path.Combine(embedded.Folder("postgres"), "PG_VERSION"), "11\n", Cancellation);
        var problem = await Assert.ThrowsAsync<SetupException>(() => embedded.StartPostgresAsync(Cancellation));
        Assert.Contains("made by Postgres 11", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_taken_port_is_one_sentence()
    {
        using var embedded = new TestServers();
        var port = running.Postgres.Port;
        var problem = await Assert.ThrowsAsync<SetupException>(() => StartAsync(embedded, options => options with { Port = port }));
        Assert.Contains($"Port {port} is taken", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_is_lost_to_another_program_costs_another_try()
    {
        using var embedded = new TestServers();
        var ports = new Queue<int>([running.Postgres.Port, running.Redis.Port, LoopbackPort.Free()]);
        var last = ports.Last();
        await using var server = await StartAsync(embedded, options => options with { FreePort = ports.Dequeue });
        Assert.Equal(last, server.Port);
    }

    private static Task<PostgresServer> StartAsync(TestServers embedded, Func<PostgresOptions, PostgresOptions> change) => PostgresServer.StartAsync(
        change(new() { DataDirectory = embedded.Folder("postgres"), Password = embedded.Password, Certificate = TestCertificate.Files, Durable = false }),
        _ => { },
        Cancellation);

    private async Task<string?> AskAsync(string question, Action<NpgsqlConnectionStringBuilder> change, PostgresServer? server = null)
    {
        var settings = new NpgsqlConnectionStringBuilder((server ?? running.Postgres).ConnectionString()) { Pooling = false };
        change(settings);
        await using var connection = new NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync(Cancellation);
#pragma warning disable CA2100 // The questions are this file's own.
        await using var command = new NpgsqlCommand(question, connection);
#pragma warning restore CA2100
        return (string?)await command.ExecuteScalarAsync(Cancellation);
    }
}
