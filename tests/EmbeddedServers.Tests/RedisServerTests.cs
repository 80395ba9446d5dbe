using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
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

    [Fact, Trait("Practice", "P40")]
    public async Task The_password_is_in_no_command_line_and_in_a_file_that_others_cannot_read()
    {
        using var embedded = new TestServers();
        await using var server = await embedded.StartRedisAsync(Cancellation);
        Assert.DoesNotContain(embedded.Password, await File.ReadAllTextAsync($"/proc/{server.ProcessId}/cmdline", Cancellation), StringComparison.Ordinal);
        Assert.DoesNotContain(embedded.Password, await File.ReadAllTextAsync($"/proc/{server.ProcessId}/environ", Cancellation), StringComparison.Ordinal);
        var holders = Directory.EnumerateFiles(embedded.Folder("redis")).Where(path => File.ReadAllText(path).Contains(embedded.Password, StringComparison.Ordinal));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Assert.Single(holders)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("two words")]
    [InlineData("a\nprotected-mode no")]
    [InlineData("a,ssl=false")]
    public async Task A_password_that_could_mean_more_than_itself_is_refused(string password)
    {
        using var embedded = new TestServers();
        await Assert.ThrowsAsync<ArgumentException>(() => RedisServer.StartAsync(
            new() { DataDirectory = embedded.Folder("redis"), Password = password, Certificate = TestCertificate.Files }, _ => { }, Cancellation));
    }

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

    private async Task<ConnectionMultiplexer> ConnectAsync(string connectionString, bool trusted)
    {
        var options = ConfigurationOptions.Parse(connectionString);
        Assert.True(options.Ssl);
        if (trusted)
            options.CertificateValidation += (_, certificate, _, errors) => IsOurs(certificate, errors);
        return await ConnectionMultiplexer.ConnectAsync(options);
    }

    // What SSL_CERT_FILE does for a whole process, for one connection.
    private bool IsOurs(X509Certificate? certificate, SslPolicyErrors errors)
    {
        using var authority = X509CertificateLoader.LoadCertificateFromFile(TestCertificate.RootFile);
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return !errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch) && chain.Build((X509Certificate2)certificate!);
    }
}
