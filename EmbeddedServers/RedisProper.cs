using System.Collections.Frozen;

namespace SecureShop.EmbeddedServers;

/// <summary>Redis itself, or Valkey, which reads the same settings.</summary>
internal sealed record RedisProper(string Program) : RedisFlavour(Program)
{
    public override IReadOnlyList<string> Arguments(string settings) => [settings];

    public override IReadOnlyDictionary<string, string> Environment(string folder) => FrozenDictionary<string, string>.Empty;

    // noeviction: a full store refuses writes, and the caller fails closed. Any other policy would silently drop a
    // replay mark or a revocation, which an attacker could bring about by filling the store.
    public override string Settings(int port, string password, CertificateFiles leaf, string folder) => $"""
        port 0
        tls-port {port}
        bind {string.Join(' ', LoopbackPort.Addresses)}
        protected-mode yes
        tls-cert-file "{leaf.CertificatePath}"
        tls-key-file "{leaf.KeyPath}"
        tls-ca-cert-file "{leaf.CertificatePath}"
        tls-auth-clients no
        tls-protocols "TLSv1.2 TLSv1.3"
        requirepass "{password}"
        maxmemory 256mb
        maxmemory-policy noeviction
        maxclients 1000
        save ""
        appendonly no
        dir "{folder}"
        daemonize no
        """;
}
