using System.Globalization;

namespace SecureShop.EmbeddedServers;

/// <summary>A data directory: made once, configured anew at every start.</summary>
internal static class PostgresCluster
{
    /// <summary>What stands behind the name of a data directory while it is made.</summary>
    public const string Unfinished = ".new";

    /// <summary>What stands behind it for the file that tells the superuser's password meanwhile.</summary>
    public const string PasswordFile = ".password";

    private const string Settings = "secureshop.conf";

    /// <summary>The version that made the data; null where there is none yet.</summary>
    /// <exception cref="SetupException">There are files, but not Postgres' own.</exception>
    public static int? VersionOf(string directory)
    {
        if (!Directory.Exists(directory) || !Directory.EnumerateFileSystemEntries(directory).Any())
            return null;
        var file = Path.Combine(directory, "PG_VERSION");
        return File.Exists(file) && int.TryParse(File.ReadAllText(file), CultureInfo.InvariantCulture, out var version)
            ? version
            : throw new SetupException(
                $"{directory} holds files, but no Postgres data that can be read (PG_VERSION is missing or damaged). "
                + "Restore that folder from a copy, or start over with --fresh.");
    }

    /// <summary>Makes the data directory beside its place and moves it there when it is whole.</summary>
    public static async Task InitialiseAsync(
        PostgresBinaries binaries, PostgresOptions options, Action<string> log, CancellationToken cancellationToken)
    {
        var made = options.DataDirectory + Unfinished;
        var password = options.DataDirectory + PasswordFile;

        // Of one that was killed.
        if (Directory.Exists(made))
            Directory.Delete(made, recursive: true);
        ServerFolder.Create(made);
        try
        {
            ServerFolder.Write(password, options.Password + "\n");
            string[] arguments =
            [
                "--pgdata", made, "--username", PostgresServer.UserName, "--pwfile", password,
                "--auth", "scram-sha-256", "--data-checksums", "--encoding", "UTF8",
                "--locale", "C", "--lc-ctype", OperatingSystem.IsMacOS() ? "UTF-8" : "C.UTF-8", "--no-instructions",
                .. options.Durable ? Array.Empty<string>() : ["--no-sync"],
            ];
            var (code, lines) = await Tool.RunAsync(PostgresServer.Command(binaries.Initialiser, arguments), _ => { }, cancellationToken);
            if (code != 0)
                throw PostgresFailure.Of(options.DataDirectory, lines);
            await File.AppendAllTextAsync(Path.Combine(made, "postgresql.conf"), $"include '{Settings}'\n", cancellationToken);
            if (Directory.Exists(options.DataDirectory))
                Directory.Delete(options.DataDirectory);
            Directory.Move(made, options.DataDirectory);
            log("Postgres data initialised");
        }
        finally
        {
            File.Delete(password);
            if (Directory.Exists(made))
                Directory.Delete(made, recursive: true);
        }
    }

    /// <summary>Writes the settings, the access rules and the certificate for this start.</summary>
    public static void Configure(PostgresOptions options, int port)
    {
        var certificate = ServerFolder.Copy(options.Certificate, options.DataDirectory);
        // No line for plain TCP, for other machines, or for a password in any weaker form: what no line names is refused.
        Write("pg_hba.conf", """
            hostssl all all 127.0.0.1/32 scram-sha-256
            hostssl all all ::1/128      scram-sha-256

            """);
        Write(Settings, $"""
            listen_addresses = '{string.Join(',', LoopbackPort.Addresses)}'
            port = {port}
            unix_socket_directories = ''
            ssl = on
            ssl_cert_file = '{Path.GetFileName(certificate.CertificatePath)}'
            ssl_key_file = '{Path.GetFileName(certificate.KeyPath)}'
            ssl_min_protocol_version = '{(OperatingSystem.IsMacOS() ? "TLSv1.2" : "TLSv1.3")}'
            password_encryption = 'scram-sha-256'
            authentication_timeout = 10s
            max_connections = 200
            shared_buffers = 64MB
            timezone = 'UTC'
            log_timezone = 'UTC'
            lc_messages = 'C'
            log_line_prefix = ''
            # Personal values stay out of the log: DETAIL quotes the row that broke a constraint, STATEMENT what was asked.
            log_error_verbosity = terse
            log_min_error_statement = panic
            {(options.Durable ? "" : "fsync = off\nfull_page_writes = off\nsynchronous_commit = off")}

            """);

        void Write(string name, string text) => ServerFolder.Write(Path.Combine(options.DataDirectory, name), text);
    }
}
