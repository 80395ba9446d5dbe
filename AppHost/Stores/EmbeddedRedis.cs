using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using SecureShop.EmbeddedServers;

namespace SecureShop.AppHost;

/// <summary>A Redis, Valkey or Garnet that runs as a process of this machine.</summary>
internal sealed class EmbeddedRedisResource(string name, string command, string folder, RedisFlavour flavour, ParameterResource password)
    : ExecutableResource(name, command, workingDirectory: "/"), IResourceWithConnectionString
{
    public RedisFlavour Flavour => flavour;

    public EndpointReference Endpoint => new(this, "tcp");

    public ParameterResource Password => password;

    /// <summary>Settings and password: a command line is read by every user of the machine.</summary>
    public string Settings => Path.Combine(folder, "settings.conf");

    public ReferenceExpression ConnectionStringExpression
        => ReferenceExpression.Create($"localhost:{Endpoint.Property(EndpointProperty.Port)},password={password},ssl=true");
}

/// <summary>Declares it.</summary>
internal static class EmbeddedRedis
{
    public static IResourceBuilder<EmbeddedRedisResource> AddEmbeddedRedis(
        this IDistributedApplicationBuilder builder, string name, string folder, RedisFlavour flavour, IResourceBuilder<ParameterResource> password)
    {
        string[] start = [.. AccountChange.To(flavour.Account), flavour.Program];
        var redis = new EmbeddedRedisResource(name, start[0], folder, flavour, password.Resource);
        builder.Services.AddHealthChecks().Add(new(name, services => new Check(redis, services.GetRequiredService<CertificateFiles>()), failureStatus: null, tags: null));
        var resource = builder.AddResource(redis)
            .WithArgs([.. start[1..], .. flavour.Arguments(redis.Settings)])
            .WithEndpoint(name: "tcp", scheme: "tcp", isProxied: false)
            .WithHealthCheck(name)
            .WithIconName("Database")
            .OnBeforeResourceStarted(async (_, started, cancellation) => flavour.Configure(
                redis.Settings,
                redis.Endpoint.Port,
                (await redis.Password.GetValueAsync(cancellation))!,
                started.Services.GetRequiredService<CertificateFiles>()));
        foreach (var (variable, value) in flavour.Environment(folder))
            resource.WithEnvironment(variable, value);
        return resource;
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
