namespace SecureShop.StandIns.AspireHosting.ApplicationModel;

/// <summary>A Postgres server.</summary>
public sealed class PostgresServerResource : Resource, IResourceWithEndpoints, IResourceWithConnectionString, IResourceWithEnvironment, IResourceWithWaitSupport
{
    internal PostgresServerResource(string name, ParameterResource? userName, ParameterResource password)
        : base(name)
    {
        PrimaryEndpoint = new(this, "tcp");
        UserName = userName is null ? ReferenceExpression.Create($"postgres") : ReferenceExpression.Create($"{userName}");
        PasswordParameter = password;
    }

    /// <summary>Where it listens.</summary>
    public EndpointReference PrimaryEndpoint { get; }

    /// <summary>The superuser's password.</summary>
    public ParameterResource PasswordParameter { get; }

    /// <inheritdoc />
    public ReferenceExpression ConnectionStringExpression => ReferenceExpression.Create(
        $"Host={PrimaryEndpoint.Property(EndpointProperty.Host)};Port={PrimaryEndpoint.Property(EndpointProperty.Port)};Username={UserName};Password={PasswordParameter}");

    internal ReferenceExpression UserName { get; }

    internal List<PostgresDatabaseResource> Databases { get; } = [];

    /// <inheritdoc />
    public IEnumerable<KeyValuePair<string, ReferenceExpression>> GetConnectionProperties() =>
    [
        new("Host", ReferenceExpression.Create($"{PrimaryEndpoint.Property(EndpointProperty.Host)}")),
        new("Port", ReferenceExpression.Create($"{PrimaryEndpoint.Property(EndpointProperty.Port)}")),
        new("Username", UserName),
        new("Password", ReferenceExpression.Create($"{PasswordParameter}")),
        new("Uri", Uri(null)),
        new("JdbcConnectionString", Jdbc(null)),
    ];

    internal ReferenceExpression Uri(string? database) => ReferenceExpression.Create(
        $"postgresql://{UserName}:{PasswordParameter:uri}@{PrimaryEndpoint.Property(EndpointProperty.HostAndPort)}{(database is null ? "" : "/" + System.Uri.EscapeDataString(database))}");

    internal ReferenceExpression Jdbc(string? database) => ReferenceExpression.Create(
        $"jdbc:postgresql://{PrimaryEndpoint.Property(EndpointProperty.HostAndPort)}{(database is null ? "" : "/" + System.Uri.EscapeDataString(database))}");
}

/// <summary>A database of a Postgres server.</summary>
public sealed class PostgresDatabaseResource(string name, string databaseName, PostgresServerResource server)
    : Resource(name), IResourceWithParent, IResourceWithConnectionString
{
    /// <summary>Its name on the server.</summary>
    public string DatabaseName { get; } = databaseName;

    /// <summary>The server.</summary>
    public PostgresServerResource Parent { get; } = server;

    IResource IResourceWithParent.Parent => Parent;

    /// <inheritdoc />
    public ReferenceExpression ConnectionStringExpression => ReferenceExpression.Create($"{Parent};Database={DatabaseName}");

    /// <inheritdoc />
    public IEnumerable<KeyValuePair<string, ReferenceExpression>> GetConnectionProperties() =>
    [
        .. Parent.GetConnectionProperties().Where(property => property.Key is not ("Uri" or "JdbcConnectionString")),
        new("DatabaseName", ReferenceExpression.Create($"{DatabaseName}")),
        new("Uri", Parent.Uri(DatabaseName)),
        new("JdbcConnectionString", Parent.Jdbc(DatabaseName)),
    ];
}

/// <summary>A Redis server. As with Aspire's development certificate, clients speak TLS to it.</summary>
public sealed class RedisResource : Resource, IResourceWithEndpoints, IResourceWithConnectionString, IResourceWithEnvironment, IResourceWithWaitSupport
{
    internal RedisResource(string name, ParameterResource password)
        : base(name)
    {
        PrimaryEndpoint = new(this, "tcp");
        PasswordParameter = password;
    }

    /// <summary>Where it listens.</summary>
    public EndpointReference PrimaryEndpoint { get; }

    /// <summary>The clients' password.</summary>
    public ParameterResource PasswordParameter { get; }

    /// <inheritdoc />
    public ReferenceExpression ConnectionStringExpression => ReferenceExpression.Create(
        $"{PrimaryEndpoint.Property(EndpointProperty.HostAndPort)},password={PasswordParameter},ssl=true");

    /// <inheritdoc />
    public IEnumerable<KeyValuePair<string, ReferenceExpression>> GetConnectionProperties() =>
    [
        new("Host", ReferenceExpression.Create($"{PrimaryEndpoint.Property(EndpointProperty.Host)}")),
        new("Port", ReferenceExpression.Create($"{PrimaryEndpoint.Property(EndpointProperty.Port)}")),
        new("Password", ReferenceExpression.Create($"{PasswordParameter}")),
        new("Uri", ReferenceExpression.Create($"rediss://:{PasswordParameter:uri}@{PrimaryEndpoint.Property(EndpointProperty.HostAndPort)}")),
    ];
}

/// <summary>A connection string composed of other values.</summary>
public sealed class ConnectionStringResource(string name, ReferenceExpression expression)
    : Resource(name), IResourceWithConnectionString, IResourceWithWaitSupport
{
    /// <inheritdoc />
    public ReferenceExpression ConnectionStringExpression { get; } = expression;
}
