namespace SecureShop.EmbeddedServers;

/// <summary>A server that speaks Redis' protocol, and how it is configured.</summary>
internal abstract record RedisFlavour(string Program)
{
    /// <summary>The account that it runs under; null for that of this process.</summary>
    public virtual ServerAccount? Account => ServerAccount.Current;

    /// <summary>The one on this machine, else Garnet, fetched once.</summary>
    /// <exception cref="SetupException">There is none, with the command that installs one.</exception>
    public static async Task<RedisFlavour> FindAsync(string cache, Action<string> log, CancellationToken cancellationToken)
    {
        InstallHint.RefuseWindows();
        if ((Executables.Find("redis-server", "/opt/homebrew/bin") ?? Executables.Find("valkey-server", "/opt/homebrew/bin")) is { } installed)
            return new RedisProper(installed);

        var garnet = new Garnet(await new GarnetTool(cache, log).FetchAsync(cancellationToken));
        if (garnet.Account is null && ServerAccount.Current is { } account)
            log($"Garnet runs as root: {account.Name} may not enter {Garnet.DotNetRoot}, which it needs. Install .NET where all may read it (/usr/share/dotnet).");
        return garnet;
    }

    /// <summary>
    /// Writes the settings, and beside them the certificate, for one start: into a folder of the server's own, read by its
    /// account alone.
    /// </summary>
    public void Configure(string settings, int port, string password, CertificateFiles certificate)
    {
        // The password stands in a settings file and in a connection string: it must mean the same in both.
        if (password.Length == 0 || !password.All(char.IsAsciiLetterOrDigit))
            throw new ArgumentException("The password of Redis is made of letters and digits.", nameof(password));
        var folder = Path.GetDirectoryName(settings)!;
        ServerFolder.Create(folder);
        ServerFolder.Write(settings, Settings(port, password, ServerFolder.Copy(certificate, folder), folder));
    }

    /// <summary>The whole command line after the program: the settings, and with them the password, are in a file.</summary>
    public abstract IReadOnlyList<string> Arguments(string settings);

    /// <summary>The variables that it needs beside those of this process.</summary>
    public abstract IReadOnlyDictionary<string, string> Environment(string folder);

    /// <summary>
    /// The text of the settings file. Without persistence: what is kept here may be lost, and is for minutes only.
    /// </summary>
    public abstract string Settings(int port, string password, CertificateFiles leaf, string folder);
}
