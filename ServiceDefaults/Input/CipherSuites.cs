using System.Net.Security;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace SecureShop.ServiceDefaults.Input;

/// <summary>
/// Forward secrecy and authenticated encryption, or no connection: with TLS 1.2 the platform would offer CBC suites too, whose
/// padding has been an oracle again and again (Lucky Thirteen). On Windows the system decides for all programs (docs/settings.md).
/// </summary>
internal static class CipherSuites
{
    private static readonly CipherSuitesPolicy? Policy = OperatingSystem.IsLinux() || OperatingSystem.IsMacOS()
        ? new(
        [
            TlsCipherSuite.TLS_AES_128_GCM_SHA256,
            TlsCipherSuite.TLS_AES_256_GCM_SHA384,
            TlsCipherSuite.TLS_CHACHA20_POLY1305_SHA256,
            TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
            TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
            TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
            TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
            TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
            TlsCipherSuite.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
        ])
        : null;

    public static void ApplyTo(HttpsConnectionAdapterOptions https)
    {
        if (Policy is not null)
            https.OnAuthenticate = (_, tls) => tls.CipherSuitesPolicy = Policy;
    }
}
