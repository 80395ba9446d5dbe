#pragma warning disable ASPIRECERTIFICATES001 // The way to hand the development certificate to a container is marked as experimental.

namespace SecureShop.AppHost;

/// <summary>Postgres and Redis as containers, with TLS by the development certificate. Aspire's Redis has that built in.</summary>
internal sealed class ContainerStores(
    IResourceBuilder<PostgresDatabaseResource> shop, EndpointReference endpoint, IResourceBuilder<RedisResource> redis, string runtime) : IStores
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

    public string Description => $"containers ({runtime})";

    public IResourceBuilder<IResourceWithConnectionString> Shop { get; } = shop.ApplicationBuilder.AddConnectionString(
        "owner", ReferenceExpression.Create($"{shop};SSL Mode=VerifyFull"));

    public ReferenceExpression Server { get; } = ReferenceExpression.Create(
        $"Host={endpoint.Property(EndpointProperty.Host)};Port={endpoint.Property(EndpointProperty.Port)}");

    public IResourceBuilder<IResourceWithConnectionString> Redis => redis;

    /// <summary>The volume of a data folder.</summary>
    public static string VolumeOf(DataFolder data) => $"secureshop-{data.Id}-postgres";

    public static ContainerStores Add(IDistributedApplicationBuilder builder, DataFolder data, KeptSecrets kept, string runtime)
    {
        var postgres = builder.AddPostgres("postgres", password: kept.AddSecret(builder, "postgres-password"))
            .WithDataVolume(VolumeOf(data))
            .WithHttpsDeveloperCertificate()
            .WithHttpsCertificateConfiguration(context =>
            {
                context.EnvironmentVariables["TLS_KEY"] = context.KeyPath;
                context.EnvironmentVariables["TLS_CERTIFICATE"] = context.CertificatePath;
                return Task.CompletedTask;
            })
            .WithEntrypoint("/bin/sh")
            .WithArgs("-c", StartWithTls);
        var redis = builder.AddRedis("redis", password: kept.AddSecret(builder, "redis-password"));
        return new(postgres.AddDatabase("shop"), postgres.GetEndpoint("tcp"), redis, runtime);
    }
}
