#pragma warning disable ASPIRECERTIFICATES001 // The way to hand the development certificate to a container is marked as experimental.

using SecureShop.EmbeddedServers;

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
        "owner", ReferenceExpression.Create($"{shop};SSL Mode=VerifyFull;Channel Binding=Require"));

    public ReferenceExpression Server { get; } = ReferenceExpression.Create(
        $"Host={endpoint.Property(EndpointProperty.Host)};Port={endpoint.Property(EndpointProperty.Port)}");

    public IResourceBuilder<IResourceWithConnectionString> Redis => redis;

    // Goes with the passwords that open it: new ones mean a new volume.
    private static string VolumeOf(KeptSecrets kept) => $"secureshop-postgres-{kept.NameOf("postgres-volume")}";

    /// <summary>Deletes the volume that goes with these secrets.</summary>
    /// <exception cref="SetupException">It is still in use.</exception>
    public static async Task DeleteVolumeAsync(KeptSecrets kept, string runtime, CancellationToken cancellation)
    {
        if (!await ContainerRuntime.DeleteVolumeAsync(runtime, VolumeOf(kept), cancellation))
            throw new SetupException($"The volume {VolumeOf(kept)} cannot be deleted: end the container that uses it ({runtime} ps), and try again.");
    }

    public static ContainerStores Add(IDistributedApplicationBuilder builder, KeptSecrets kept, string runtime)
    {
        var postgres = builder.AddPostgres("postgres", password: kept.AddPassword(builder, "postgres-password"))
            .WithImageTag("18.6")
            .WithDataVolume(VolumeOf(kept))
            .WithHttpsDeveloperCertificate()
            .WithHttpsCertificateConfiguration(context =>
            {
                context.EnvironmentVariables["TLS_KEY"] = context.KeyPath;
                context.EnvironmentVariables["TLS_CERTIFICATE"] = context.CertificatePath;
                return Task.CompletedTask;
            })
            .WithEntrypoint("/bin/sh")
            .WithArgs("-c", StartWithTls);
        var redis = builder.AddRedis("redis", password: kept.AddPassword(builder, "redis-password"))
            .WithImageTag("8.6.7")
            .WithHttpsDeveloperCertificate();
        return new(postgres.AddDatabase("shop"), postgres.GetEndpoint("tcp"), redis, runtime);
    }
}
