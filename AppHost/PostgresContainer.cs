#pragma warning disable ASPIRECERTIFICATES001 // The one way to hand the development certificate to a container; marked as experimental in 13.2.

/// <summary>Real Aspire only: TLS for the Postgres container, as AddRedis has it built in.</summary>
internal static partial class Program
{
    // Postgres refuses a key that others may read, and the certificate arrives as root's: so it is installed for the
    // postgres account first. Without a certificate the container does not start, because no service would speak to it.
    // The log quotes neither rows nor statements: they hold personal values.
    private const string StartWithTls = """
        set -e
        install -D -o postgres -m 0600 "$TLS_KEY" /run/tls/server.key
        install -D -o postgres -m 0644 "$TLS_CERTIFICATE" /run/tls/server.crt
        exec docker-entrypoint.sh postgres -c ssl=on -c ssl_key_file=/run/tls/server.key -c ssl_cert_file=/run/tls/server.crt \
            -c log_error_verbosity=terse -c log_min_error_statement=panic
        """;

    static partial void SecureContainer(IResourceBuilder<PostgresServerResource> postgres) =>
        postgres
            .WithHttpsDeveloperCertificate()
            .WithHttpsCertificateConfiguration(context =>
            {
                context.EnvironmentVariables["TLS_KEY"] = context.KeyPath;
                context.EnvironmentVariables["TLS_CERTIFICATE"] = context.CertificatePath;
                return Task.CompletedTask;
            })
            .WithEntrypoint("/bin/sh")
            .WithArgs("-c", StartWithTls);
}
