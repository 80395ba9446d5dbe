using System.Net.Security;
using System.Security.Authentication;
using SecureShop.Testing;

namespace SecureShop.ServiceDefaults.Tests;

/// <summary>Connections have forward secrecy and authenticated encryption; with TLS 1.2 a caller cannot get less.</summary>
public sealed class CipherTests : IAsyncLifetime
{
    private TestIssuer issuer = null!;
    private ServiceHost host = null!;

    public async ValueTask InitializeAsync()
    {
        issuer = await TestIssuer.StartAsync();
        host = await ServiceHost.StartAsync(issuer, _ => { });
    }

    public async ValueTask DisposeAsync()
    {
        await host.DisposeAsync();
        await issuer.DisposeAsync();
    }

    [Theory]
    [InlineData(SslProtocols.Tls13, TlsCipherSuite.TLS_AES_128_GCM_SHA256, true)]
    [InlineData(SslProtocols.Tls13, TlsCipherSuite.TLS_CHACHA20_POLY1305_SHA256, true)]
    [InlineData(SslProtocols.Tls12, TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, true)]
    [InlineData(SslProtocols.Tls12, TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, true)]
    [InlineData(SslProtocols.Tls12, TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, true)]
    [InlineData(SslProtocols.Tls12, TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256, false)]
    [InlineData(SslProtocols.Tls12, TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384, false)]
    [InlineData(SslProtocols.Tls12, TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA, false)]
    [InlineData(SslProtocols.Tls12, TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA, false)]
    [Trait("Practice", "P20")]
    public async Task Only_authenticated_encryption_is_taken(SslProtocols protocol, TlsCipherSuite suite, bool taken)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() || OperatingSystem.IsAndroid(), "The platform decides which suites there are.");
        if (!OperatingSystem.IsWindows() && !OperatingSystem.IsAndroid())
            Assert.Equal(taken, await CipherProbe.IsTakenAsync(host.Client.BaseAddress!, protocol, suite, TestContext.Current.CancellationToken));
    }
}
