using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using SecureShop.Testing;

namespace SecureShop.ServiceDefaults.Tests;

/// <summary>A certificate that is replaced on disk is served without a restart; what cannot be served is not.</summary>
[Trait("Practice", "P20")]
public sealed class ServedCertificateTests : IAsyncLifetime
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("secureshop-certificate-");
    private readonly TestClock clock = new();
    private readonly RecordedEvents log = new("SecureShop.ServiceDefaults.Tls.ServedCertificate");
    private readonly X509Certificate2 first = Make(days: 2);
    private readonly X509Certificate2 second = Make(days: 2);
    private TestIssuer issuer = null!;
    private ServiceHost host = null!;

    private string Certificate => Path.Combine(folder.FullName, "tls.crt");

    private string Key => Path.Combine(folder.FullName, "tls.key");

    public async ValueTask InitializeAsync()
    {
        clock.Stop();
        Write(first);
        issuer = await TestIssuer.StartAsync();
        host = await ServiceHost.StartAsync(
            issuer,
            _ => { },
            builder =>
            {
                builder.Services.Replace(ServiceDescriptor.Singleton<TimeProvider>(clock));
                builder.Services.AddSingleton<ILoggerProvider>(log);

                // As the settings alone would have it: with the certificate that they name.
                builder.WebHost.ConfigureKestrel(options => options.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps()));
            },
            ("Kestrel:Certificates:Default:Path", Certificate),
            ("Kestrel:Certificates:Default:KeyPath", Key));
    }

    public async ValueTask DisposeAsync()
    {
        await host.DisposeAsync();
        await issuer.DisposeAsync();
        log.Dispose();
        first.Dispose();
        second.Dispose();
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task New_handshakes_get_the_new_one_and_open_connections_go_on()
    {
        using var open = await ConnectAsync();
        Assert.Equal(first.Thumbprint, open.Shown);
        Assert.Contains("200", await open.AskAsync(), StringComparison.Ordinal);

        Write(second);
        clock.Advance(TimeSpan.FromSeconds(1));

        using var after = await ConnectAsync();
        Assert.Equal(second.Thumbprint, after.Shown);
        Assert.Contains("200", await after.AskAsync(), StringComparison.Ordinal);
        Assert.Contains("200", await open.AskAsync(), StringComparison.Ordinal);
        Assert.Equal("CertificateReplaced", Assert.Single(log.All).Name);
    }

    [Fact]
    public async Task Two_files_that_are_replaced_one_after_the_other_are_served_when_they_fit()
    {
        Assert.Equal(first.Thumbprint, await ShownAsync());
        await File.WriteAllTextAsync(Certificate, second.ExportCertificatePem(), TestContext.Current.CancellationToken);
        Assert.Equal(first.Thumbprint, await LaterAsync());
        await File.WriteAllTextAsync(Key, KeyOf(second), TestContext.Current.CancellationToken);
        Assert.Equal(second.Thumbprint, await LaterAsync());
        Assert.Equal(["CertificateNotReplaced", "CertificateReplaced"], log.All.Select(line => line.Name));
    }

    [Theory]
    [InlineData("half")]
    [InlineData("empty")]
    [InlineData("gone")]
    [InlineData("other words")]
    [InlineData("over")]
    [InlineData("not yet")]
    public async Task What_cannot_be_served_changes_nothing_and_is_told_once(string fault)
    {
        Assert.Equal(first.Thumbprint, await ShownAsync());
        using var over = Make(days: fault == "not yet" ? 9 : -1);
        switch (fault)
        {
            case "gone":
                File.Delete(Certificate);
                break;
            case "over" or "not yet":
                Write(over);
                break;
            default:
                var text = second.ExportCertificatePem();
                await File.WriteAllTextAsync(
                    Certificate, fault switch { "half" => text[..(text.Length / 2)], "empty" => "", _ => "Not a certificate." }, TestContext.Current.CancellationToken);
                break;
        }

        Assert.Equal(first.Thumbprint, await LaterAsync());
        Assert.Equal(first.Thumbprint, await LaterAsync());
        var told = Assert.Single(log.All);
        Assert.Equal("CertificateNotReplaced", told.Name);
        Assert.DoesNotContain("PRIVATE KEY", told.Text, StringComparison.Ordinal);

        Write(second);
        Assert.Equal(second.Thumbprint, await LaterAsync());
    }

    [Fact]
    public async Task A_link_that_is_moved_counts_as_a_new_file()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links are made by administrators there.");
        Assert.Equal(first.Thumbprint, await ShownAsync());
        var next = folder.CreateSubdirectory("next");
        Write(second, next.FullName);
        foreach (var file in (string[])[Certificate, Key])
        {
            File.Delete(file);
            File.CreateSymbolicLink(file, Path.Combine(next.FullName, Path.GetFileName(file)));
        }

        Assert.Equal(second.Thumbprint, await LaterAsync());
    }

    [Fact]
    public async Task It_is_looked_for_once_a_second_and_not_at_each_handshake()
    {
        Assert.Equal(first.Thumbprint, await ShownAsync());
        Write(second);
        Assert.Equal(first.Thumbprint, await ShownAsync());
        Assert.Equal(second.Thumbprint, await LaterAsync());
    }

    [Theory]
#pragma warning disable SYSLIB0039, CA5397 // What is to be refused is asked for.
    [InlineData(SslProtocols.Tls, false)]
    [InlineData(SslProtocols.Tls11, false)]
#pragma warning restore SYSLIB0039, CA5397
    [InlineData(SslProtocols.Tls12, true)]
    [InlineData(SslProtocols.Tls13, true)]
    public async Task Old_versions_are_refused(SslProtocols version, bool taken)
    {
        if (taken)
            Assert.Equal(first.Thumbprint, await ShownAsync(version));
        else
            await Assert.ThrowsAnyAsync<Exception>(() => ShownAsync(version));
    }

    private static X509Certificate2 Make(int days)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(days - 4), now.AddDays(days));
    }

    private static string KeyOf(X509Certificate2 certificate)
    {
        using var key = certificate.GetECDsaPrivateKey();
        return key!.ExportPkcs8PrivateKeyPem();
    }

    private void Write(X509Certificate2 certificate, string? to = null)
    {
        File.WriteAllText(Path.Combine(to ?? folder.FullName, "tls.crt"), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(to ?? folder.FullName, "tls.key"), KeyOf(certificate));
    }

    private async Task<string> LaterAsync()
    {
        clock.Advance(TimeSpan.FromSeconds(1));
        return await ShownAsync();
    }

    private async Task<string> ShownAsync(SslProtocols version = SslProtocols.None)
    {
        using var connection = await ConnectAsync(version);
        return connection.Shown;
    }

    [Fact]
    public async Task A_listener_with_a_certificate_of_its_own_keeps_it()
    {
        using var connection = await Connection.OpenAsync(new Uri(host.App.Urls.First()).Port, SslProtocols.None);
        Assert.Equal(TestCertificate.Leaf.Thumbprint, connection.Shown);
    }

    // The second listener: the first has the certificate of all tests.
    private Task<Connection> ConnectAsync(SslProtocols version = SslProtocols.None) => Connection.OpenAsync(new Uri(host.App.Urls.Last()).Port, version);

    private sealed class Connection(TcpClient socket, SslStream tls) : IDisposable
    {
        public string Shown => tls.RemoteCertificate!.GetCertHashString();

        public static async Task<Connection> OpenAsync(int port, SslProtocols version)
        {
            var socket = new TcpClient();
            await socket.ConnectAsync(IPAddress.Loopback, port, TestContext.Current.CancellationToken);
            var tls = new SslStream(socket.GetStream());

            // Which one is shown is what is asked here: each signs itself.
            var options = new SslClientAuthenticationOptions
            {
                TargetHost = "localhost",
                EnabledSslProtocols = version,
                RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.Subject == "CN=localhost",
            };
            await tls.AuthenticateAsClientAsync(options, TestContext.Current.CancellationToken);
            return new(socket, tls);
        }

        public async Task<string> AskAsync()
        {
            await tls.WriteAsync("GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
            var (buffer, answer) = (new byte[4096], new StringBuilder());
            while (!answer.ToString().EndsWith("0\r\n\r\n", StringComparison.Ordinal))
            {
                var read = await tls.ReadAsync(buffer, TestContext.Current.CancellationToken);
                Assert.NotEqual(0, read);
                answer.Append(Encoding.ASCII.GetString(buffer, 0, read));
            }

            return answer.ToString();
        }

        public void Dispose()
        {
            tls.Dispose();
            socket.Dispose();
        }
    }
}
