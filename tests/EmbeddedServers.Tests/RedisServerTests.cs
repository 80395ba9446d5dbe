using System.Net.Sockets;
using System.Text;
using SecureShop.Testing;
using StackExchange.Redis;

namespace SecureShop.EmbeddedServers.Tests;

public sealed class RedisServerTests(Running running)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact, Trait("Practice", "P20")]
    public async Task Strings_and_scripts_work_over_TLS_with_the_password()
    {
        using var connection = await ConnectAsync(running.Redis.ConnectionString, trusted: true);
        var database = connection.GetDatabase();
        Assert.True(await database.StringSetAsync("mark", "1", TimeSpan.FromMinutes(1), When.NotExists));
        Assert.False(await database.StringSetAsync("mark", "2", TimeSpan.FromMinutes(1), When.NotExists));
        Assert.Equal(2, (int)await database.ScriptEvaluateAsync("redis.call('INCR', KEYS[1]) return redis.call('INCR', KEYS[1])", ["count"]));
    }

    [Fact, Trait("Practice", "P20")]
    public async Task A_client_without_the_authority_refuses_the_server()
        => await Assert.ThrowsAsync<RedisConnectionException>(() => ConnectAsync(running.Redis.ConnectionString, trusted: false));

    [Fact]
    public async Task A_wrong_password_is_refused()
        => await Assert.ThrowsAsync<RedisConnectionException>(() => ConnectAsync(
            running.Redis.ConnectionString.Replace(running.Place.Password, "wrong", StringComparison.Ordinal), trusted: true));

    [Fact, Trait("Practice", "P20")]
    public async Task Plain_TCP_is_refused()
    {
        using var client = new TcpClient();
        await client.ConnectAsync("localhost", running.Redis.Port, Cancellation);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"*2\r\n$4\r\nAUTH\r\n${running.Place.Password.Length}\r\n{running.Place.Password}\r\n*1\r\n$4\r\nPING\r\n"), Cancellation);
        using var reader = new StreamReader(stream, Encoding.Latin1);
        Assert.DoesNotContain("PONG", await Answer(reader), StringComparison.Ordinal);
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
    public async Task A_taken_port_is_one_sentence()
    {
        using var embedded = new TestServers();
        var problem = await Assert.ThrowsAsync<SetupException>(() => StartAsync(embedded, options => options with { Port = running.Postgres.Port }));
        Assert.Contains($"Port {running.Postgres.Port} is taken", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_is_lost_to_another_program_costs_another_try()
    {
        using var embedded = new TestServers();
        var ports = new Queue<int>([running.Postgres.Port, LoopbackPort.Free()]);
        var last = ports.Last();
        await using var server = await StartAsync(embedded, options => options with { FreePort = ports.Dequeue });
        Assert.Equal(last, server.Port);
    }

    [Theory]
    [InlineData("")]
    [InlineData("two words")]
    [InlineData("a\nprotected-mode no")]
    [InlineData("a,ssl=false")]
    public async Task A_password_that_could_mean_more_than_itself_is_refused(string password)
    {
        using var embedded = new TestServers();
        await Assert.ThrowsAsync<ArgumentException>(() => StartAsync(embedded, options => options with { Password = password }));
    }

    private static Task<RedisServer> StartAsync(TestServers embedded, Func<RedisOptions, RedisOptions> change) => RedisServer.StartAsync(
        change(new() { DataDirectory = embedded.Folder("redis"), Password = embedded.Password, Certificate = TestCertificate.Files }),
        _ => { },
        Cancellation);

    private static async Task<string> Answer(StreamReader reader)
    {
        try
        {
            return await reader.ReadToEndAsync(Cancellation).WaitAsync(TimeSpan.FromSeconds(15), Cancellation);
        }
        catch (IOException)
        {
            return "cut off";
        }
    }

    private static async Task<ConnectionMultiplexer> ConnectAsync(string connectionString, bool trusted)
    {
        var options = ConfigurationOptions.Parse(connectionString);
        Assert.True(options.Ssl);
        if (trusted)
            options.TrustIssuer(TestCertificate.RootFile);
        return await ConnectionMultiplexer.ConnectAsync(options);
    }
}
