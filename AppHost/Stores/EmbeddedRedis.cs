using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using SecureShop.EmbeddedServers;

namespace SecureShop.AppHost;

/// <summary>A Redis, Valkey or Garnet that runs as a process of this machine.</summary>
internal sealed class EmbeddedRedisResource(string name, RedisFlavour flavour, string folder, ParameterResource password)
    : ExecutableResource(name, flavour.Program, folder), IResourceWithConnectionString
{
    public EndpointReference Endpoint => new(this, "tcp");

    public ParameterResource Password => password;

    /// <summary>Settings and password: a command line is read by every user of the machine.</summary>
    public string Settings => Path.Combine(WorkingDirectory, "redis.conf");

    public ReferenceExpression ConnectionStringExpression
        => ReferenceExpression.Create($"localhost:{Endpoint.Property(EndpointProperty.Port)},password={password},ssl=true");
}

/// <summary>Declares it.</summary>
internal static class EmbeddedRedis
{
    public static IResourceBuilder<EmbeddedRedisResource> AddEmbeddedRedis(
        this IDistributedApplicationBuilder builder, string name, string folder, RedisFlavour flavour, IResourceBuilder<ParameterResource> password)
    {
        var redis = new EmbeddedRedisResource(name, flavour, folder, password.Resource);
        builder.Services.AddHealthChecks().Add(new(name, services => new Check(redis, services.GetRequiredService<CertificateFiles>()), failureStatus: null, tags: null));
        return builder.AddResource(redis)
            .WithArgs([.. flavour.Arguments(redis.Settings)])
            .WithEndpoint(name: "tcp", scheme: "tcp", isProxied: false)
            .WithHealthCheck(name)
            .WithIconName("Database")
            .OnBeforeResourceStarted(async (_, started, cancellation) =>
            {
                PrivateFiles.CreateFolder(folder);
                var certificate = started.Services.GetRequiredService<CertificateFiles>();
                var value = await redis.Password.GetValueAsync(cancellation);
                PrivateFiles.Write(redis.Settings, flavour.Settings(redis.Endpoint.Port, value!, certificate, folder));
            });
    }

    private sealed class Check(EmbeddedRedisResource redis, CertificateFiles certificate) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Patience.UntilHealthyAsync(
            async () =>
            {
                if (!await RedisProbe.AnswersAsync(redis.Endpoint.Port, (await redis.Password.GetValueAsync(cancellationToken))!, certificate, cancellationToken))
                    throw new IOException("Redis does not answer.");
            },
            cancellationToken);
    }
}
