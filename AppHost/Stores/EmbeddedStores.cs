using SecureShop.EmbeddedServers;

namespace SecureShop.AppHost;

/// <summary>Postgres and Redis as programs of this machine, found or fetched.</summary>
internal sealed class EmbeddedStores(IResourceBuilder<EmbeddedPostgresResource> postgres, IResourceBuilder<EmbeddedRedisResource> redis) : IStores
{
    public string Description { get; } =
        $"embedded servers (Postgres {postgres.Resource.Binaries.Version}, {Path.GetFileName(redis.Resource.Flavour.Program)}; no container runtime is used)";

    public IResourceBuilder<IResourceWithConnectionString> Shop { get; } = postgres.AddDatabase("shop");

    public ReferenceExpression Server => postgres.Resource.Server;

    public IResourceBuilder<IResourceWithConnectionString> Redis => redis;

    /// <summary>Finds the programs, fetches what is missing, and declares both servers.</summary>
    /// <exception cref="SetupException">With what is missing and the command that installs it.</exception>
    public static async Task<EmbeddedStores> AddAsync(
        IDistributedApplicationBuilder builder, DataFolder data, KeptSecrets kept, Action<string> say)
    {
        var folder = data.For("postgres");
        var package = new PostgresPackage(DataDirectory.Cache, say);
        var binaries = await PostgresBinaries.FindAsync(PostgresBinaries.Installed(), PostgresCluster.VersionOf(folder), folder, package, CancellationToken.None);
        await Preflight.CheckDataAsync(folder, binaries);
        var flavour = await RedisFlavour.FindAsync(DataDirectory.Cache, say, CancellationToken.None);
        return new(
            builder.AddEmbeddedPostgres("postgres", folder, binaries, kept.AddSecret(builder, "postgres-password")),
            builder.AddEmbeddedRedis("redis", data.For("redis"), flavour, kept.AddSecret(builder, "redis-password")));
    }
}
