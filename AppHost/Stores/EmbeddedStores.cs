namespace SecureShop.AppHost;

/// <summary>Postgres and Redis as programs of this machine.</summary>
internal sealed class EmbeddedStores(IResourceBuilder<EmbeddedPostgresResource> postgres, IResourceBuilder<EmbeddedRedisResource> redis) : IStores
{
    public const string PostgresPassword = "postgres-password";

    public string Description { get; } =
        $"embedded servers (Postgres {postgres.Resource.Binaries.Version}, {Path.GetFileName(redis.Resource.Flavour.Program)}; no container runtime is used)";

    public IResourceBuilder<IResourceWithConnectionString> Shop { get; } = postgres.AddDatabase("shop");

    public ReferenceExpression Server => postgres.Resource.Server;

    public IResourceBuilder<IResourceWithConnectionString> Redis => redis;

    public static EmbeddedStores Add(IDistributedApplicationBuilder builder, DataFolder data, KeptSecrets kept, EmbeddedPrograms programs) => new(
        builder.AddEmbeddedPostgres("postgres", data.Postgres, programs.Postgres, kept.AddPassword(builder, PostgresPassword)),
        builder.AddEmbeddedRedis("redis", data.For("redis"), programs.Redis, kept.AddPassword(builder, "redis-password")));
}
