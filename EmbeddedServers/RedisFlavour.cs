using System.Text.Json;

namespace SecureShop.EmbeddedServers;

/// <summary>A server that speaks Redis' protocol, and how it is configured.</summary>
internal abstract record RedisFlavour(string Program)
{
    /// <summary>The one on this machine, else Garnet, fetched once.</summary>
    /// <exception cref="SetupException">There is none, with the command that installs one.</exception>
    public static async Task<RedisFlavour> FindAsync(string cache, Action<string> log, CancellationToken cancellationToken)
    {
        InstallHint.RefuseWindows();
        return (Executables.Find("redis-server", "/opt/homebrew/bin") ?? Executables.Find("valkey-server", "/opt/homebrew/bin")) is { } installed
            ? new Redis(installed)
            : new Garnet(await new GarnetTool(cache, log).FetchAsync(cancellationToken));
    }

    /// <summary>The whole command line after the program: the settings, and with them the password, are in a file.</summary>
    public abstract IReadOnlyList<string> Arguments(string settings);

    /// <summary>
    /// The text of the settings file. Without persistence: what is kept here may be lost, and is for minutes only.
    /// </summary>
    public abstract string Settings(int port, string password, CertificateFiles leaf, string folder);

    private sealed record Redis(string Program) : RedisFlavour(Program)
    {
        public override IReadOnlyList<string> Arguments(string settings) => [settings];

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

    private sealed record Garnet(string Program) : RedisFlavour(Program)
    {
        public override IReadOnlyList<string> Arguments(string settings) => ["--config-import-path", settings];

        // No client certificates: the password says who may come in.
        public override string Settings(int port, string password, CertificateFiles leaf, string folder) => JsonSerializer.Serialize(new
        {
            Port = port,
            Address = string.Join(',', LoopbackPort.Addresses),
            EnableTLS = true,
            CertFileName = leaf.CertificatePath,
            CertPassword = leaf.KeyPath,
            ClientCertificateRequired = false,
            AuthenticationMode = "Password",
            Password = password,
            MemorySize = "256m",
            PageSize = "4m",
            IndexSize = "8m",
            NetworkConnectionLimit = 1000,
            EnableLua = true,
            // As Redis: no other client sees a script half-way.
            LuaTransactionMode = true,
            QuietMode = true,
        });
    }
}
