using SecureShop.StandIns.AspireHosting.ApplicationModel;

namespace SecureShop.StandIns.AspireHosting;

/// <summary>Adds data stores.</summary>
public static class StoreExtensions
{
    /// <summary>A Postgres server.</summary>
    public static IResourceBuilder<PostgresServerResource> AddPostgres(
        this IDistributedApplicationBuilder builder,
        string name,
        IResourceBuilder<ParameterResource>? userName = null,
        IResourceBuilder<ParameterResource>? password = null,
        int? port = null) =>
        builder.AddResource(new PostgresServerResource(
                name, userName?.Resource, password?.Resource ?? ParameterExtensions.DefaultPassword(builder, $"{name}-password")))
            .WithEndpoint(port, scheme: "tcp");

    /// <summary>Keeps the data between runs.</summary>
    public static IResourceBuilder<PostgresServerResource> WithDataVolume(this IResourceBuilder<PostgresServerResource> builder) =>
        builder.WithAnnotation(new DataVolumeAnnotation());

    /// <summary>A database, created when the server is up.</summary>
    public static IResourceBuilder<PostgresDatabaseResource> AddDatabase(
        this IResourceBuilder<PostgresServerResource> builder, string name, string? databaseName = null)
    {
        var database = new PostgresDatabaseResource(name, databaseName ?? name, builder.Resource);
        builder.Resource.Databases.Add(database);
        return builder.ApplicationBuilder.AddResource(database);
    }

    /// <summary>A Redis server.</summary>
    public static IResourceBuilder<RedisResource> AddRedis(
        this IDistributedApplicationBuilder builder, string name, int? port = null, IResourceBuilder<ParameterResource>? password = null) =>
        builder.AddResource(new RedisResource(
                name, password?.Resource ?? ParameterExtensions.DefaultPassword(builder, $"{name}-password", special: false)))
            .WithEndpoint(port, scheme: "rediss", name: "tcp");

    /// <summary>A connection string made of other values.</summary>
    public static IResourceBuilder<ConnectionStringResource> AddConnectionString(
        this IDistributedApplicationBuilder builder, string name, ReferenceExpression connectionStringExpression) =>
        builder.AddResource(new ConnectionStringResource(name, connectionStringExpression));
}
