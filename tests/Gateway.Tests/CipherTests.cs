using System.Net.Security;
using System.Security.Authentication;
using SecureShop.Testing;

namespace SecureShop.Gateway.Tests;

/// <summary>Connections have forward secrecy and authenticated encryption; with TLS 1.2 a caller cannot get less.</summary>
public sealed class CipherTests(SharedGateway gateway) : IClassFixture<SharedGateway>
{
    [Theory]
    [MemberData(nameof(CipherProbe.Suites), MemberType = typeof(CipherProbe))]
    [Trait("Practice", "P20")]
    public async Task Only_authenticated_encryption_is_taken(SslProtocols protocol, TlsCipherSuite suite, bool taken)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() || OperatingSystem.IsAndroid(), "The platform decides which suites there are.");
        if (!OperatingSystem.IsWindows() && !OperatingSystem.IsAndroid())
            Assert.Equal(taken, await CipherProbe.IsTakenAsync(gateway.Host.Shop.BaseAddress!, protocol, suite, TestContext.Current.CancellationToken));
    }
}
