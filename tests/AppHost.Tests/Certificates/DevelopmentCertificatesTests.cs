using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SecureShop.StandIns.AspireHosting;
using SecureShop.StandIns.AspireHosting.Certificates;

namespace SecureShop.AppHost.Tests.Certificates;

[Trait("Practice", "P20")]
public sealed class DevelopmentCertificatesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("secureshop-certificates-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_authority_is_a_P256_key_that_only_its_owner_reads()
    {
        using var certificates = Open();
        using var authority = X509CertificateLoader.LoadCertificateFromFile(certificates.AuthorityPath);
        using var key = authority.GetECDsaPublicKey()!;
        Assert.Equal(ECCurve.NamedCurves.nistP256.Oid.Value, key.ExportParameters(includePrivateParameters: false).Curve.Oid.Value);
        Assert.DoesNotContain("PRIVATE KEY", File.ReadAllText(certificates.AuthorityPath), StringComparison.Ordinal);
        Assert.All(
            Directory.EnumerateFiles(_folder, "*.key"),
            path => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path)));
        Assert.Contains(authority.Extensions, extension => extension is { Critical: true, Oid.Value: "2.5.29.30" });
    }

    [Fact]
    public void Text_on_how_to_trust_names_the_file_and_its_reach()
    {
        using var certificates = Open();
        Assert.Contains($"curl --cacert {certificates.AuthorityPath}", certificates.HowToTrust, StringComparison.Ordinal);
        Assert.Contains("update-ca-certificates", certificates.HowToTrust, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("localhost", true)]
    [InlineData("catalog.localhost", true)]
    [InlineData("127.0.0.1", true)]
    [InlineData("::1", true)]
    [InlineData("orders.localhost", false)]
    [InlineData("example.com", false)]
    public async Task A_leaf_serves_its_own_names_over_TLS_and_no_other(string host, bool trusted)
    {
        using var certificates = Open();
        var files = certificates.Issue("catalog");
        using var leaf = X509Certificate2.CreateFromPemFile(files.CertificatePath, files.KeyPath);
        Assert.Equal(trusted, await HandshakeAsync(certificates, leaf, host) is null);
    }

    [Theory]
    [InlineData("shop.example.com")]
    [InlineData("notlocalhost")]
    public async Task A_thief_of_the_authoritys_key_cannot_use_it_for_another_host(string host)
    {
        using var certificates = Open();
        using var authority = X509Certificate2.CreateFromPemFile(certificates.AuthorityPath, Path.Combine(_folder, "ca.key"));
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Assert.NotNull(await HandshakeAsync(certificates, Forge(authority, key, host), host));
        // The positive control: the same forgery for loopback is what the authority may say.
        Assert.Null(await HandshakeAsync(certificates, Forge(authority, key, "any.localhost"), "any.localhost"));
    }

    [Fact]
    public void A_leaf_lasts_while_it_is_fresh_and_is_renewed_before_its_end()
    {
        var clock = new SettableClock();
        using var certificates = DevelopmentCertificates.Open(_folder, clock);
        var first = File.ReadAllText(certificates.Issue("catalog").CertificatePath);
        clock.Now += TimeSpan.FromDays(19);
        Assert.Equal(first, File.ReadAllText(certificates.Issue("catalog").CertificatePath));
        clock.Now += TimeSpan.FromDays(2);
        Assert.NotEqual(first, File.ReadAllText(certificates.Issue("catalog").CertificatePath));
    }

    [Fact]
    public void A_leaf_that_another_authority_signed_or_that_lost_its_key_is_made_again()
    {
        using var certificates = Open();
        var files = certificates.Issue("catalog");
        var first = File.ReadAllText(files.CertificatePath);
        File.Copy(certificates.Issue("orders").KeyPath, files.KeyPath, overwrite: true);
        certificates.Issue("catalog");
        using var leaf = X509Certificate2.CreateFromPemFile(files.CertificatePath, files.KeyPath);
        Assert.NotEqual(first, File.ReadAllText(files.CertificatePath));
    }

    [Fact]
    public async Task Many_first_runs_at_once_agree_on_one_authority()
    {
        var prints = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(
            () =>
            {
                using var certificates = Open();
                certificates.Issue("catalog");
                return certificates.Fingerprint;
            },
            Cancellation)));
        Assert.Single(prints.Distinct(StringComparer.Ordinal));
    }

    [Fact]
    public void A_broken_authority_is_one_sentence_with_the_mend()
    {
        Open().Dispose();
        File.WriteAllText(Path.Combine(_folder, "ca.key"), "not a key");
        Assert.Contains($"Delete that folder", Assert.Throws<HostingException>(Open).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_authority_near_its_end_is_one_sentence_with_the_mend()
    {
        Open().Dispose();
        var clock = new SettableClock { Now = TimeProvider.System.GetUtcNow().AddDays(725) };
        var problem = Assert.Throws<HostingException>(() => DevelopmentCertificates.Open(_folder, clock));
        Assert.Contains("ends on", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_authority_whose_key_others_can_read_is_refused()
    {
        Open().Dispose();
        File.SetUnixFileMode(Path.Combine(_folder, "ca.key"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        Assert.Contains("not safe to trust", Assert.Throws<HostingException>(Open).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../x")]
    [InlineData("ca")]
    [InlineData("")]
    [InlineData("A")]
    public void A_name_that_is_no_host_label_is_refused(string name)
    {
        using var certificates = Open();
        Assert.Throws<ArgumentException>(() => certificates.Issue(name));
    }

    private DevelopmentCertificates Open() => DevelopmentCertificates.Open(_folder, TimeProvider.System);

    private static X509Certificate2 Forge(X509Certificate2 authority, ECDsa key, string host)
    {
        var request = new CertificateRequest($"CN={host}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        var start = new DateTimeOffset(authority.NotBefore);
        using var forged = request.Create(authority, start, start.AddDays(2), [1, 2, 3]);
        return forged.CopyWithPrivateKey(key);
    }

    /// <summary>A whole handshake as a service does it; null when the client accepts, else its reason.</summary>
    private static async Task<string?> HandshakeAsync(DevelopmentCertificates certificates, X509Certificate2 leaf, string host)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var client = new TcpClient();
        await client.ConnectAsync((IPEndPoint)listener.LocalEndpoint, Cancellation);
        using var accepted = await listener.AcceptTcpClientAsync(Cancellation);
        await using var server = new SslStream(accepted.GetStream());
        await using var tls = new SslStream(client.GetStream());
        using var authority = X509CertificateLoader.LoadCertificateFromFile(certificates.AuthorityPath);
        var serving = server.AuthenticateAsServerAsync(leaf);
        try
        {
            await tls.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = host,
                    CertificateChainPolicy = new()
                    {
                        TrustMode = X509ChainTrustMode.CustomRootTrust,
                        CustomTrustStore = { authority },
                        RevocationMode = X509RevocationMode.NoCheck,
                    },
                },
                Cancellation);
            return null;
        }
        catch (System.Security.Authentication.AuthenticationException problem)
        {
            return problem.Message;
        }
        finally
        {
            client.Close();
            await Record.ExceptionAsync(() => serving);
        }
    }

    private sealed class SettableClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = TimeProvider.System.GetUtcNow();

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
