using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Configuration;

namespace SecureShop.ServiceDefaults;

/// <summary>How services, and the gateway, connect to each other.</summary>
public static class ServiceConnection
{
    /// <summary>
    /// A handler that trusts the certificates of the PEM file <c>Services:TrustedRoots</c> and no others where that is set
    /// (a private authority of the system's own), and what the machine and its user trust where it is not.
    /// </summary>
    public static SocketsHttpHandler CreateHandler(IConfiguration configuration)
    {
        var handler = new SocketsHttpHandler();
        Configure(handler, configuration);
        return handler;
    }

    /// <summary>Sets up <paramref name="handler"/> as <see cref="CreateHandler"/> does.</summary>
    public static void Configure(SocketsHttpHandler handler, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(handler);
        ArgumentNullException.ThrowIfNull(configuration);
        handler.AllowAutoRedirect = false;
        handler.UseCookies = false;
        handler.UseProxy = false;
        handler.ConnectTimeout = TimeSpan.FromSeconds(3);
        handler.MaxResponseHeadersLength = 32;
        handler.PooledConnectionLifetime = TimeSpan.FromMinutes(5);
        handler.SslOptions = Tls(configuration);
    }

    internal static SslClientAuthenticationOptions Tls(IConfiguration configuration) => new()
    {
        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        CertificateChainPolicy = configuration["Services:TrustedRoots"] is { Length: > 0 } file ? TrustOnly(file) : null,
    };

    private static X509ChainPolicy TrustOnly(string file)
    {
        // Own authorities publish no revocation lists.
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.ImportFromPemFile(file);
        return policy;
    }
}
