using SecureShop.EmbeddedServers;

namespace SecureShop.AppHost;

/// <summary>A Postgres that runs as a process of this machine.</summary>
internal sealed class EmbeddedPostgresResource(string name, string command, string dataFolder, PostgresBinaries binaries, ParameterResource password)
    : ExecutableResource(name, command, workingDirectory: "/"), IResourceWithConnectionString
{
    public string DataFolder => dataFolder;

    public PostgresBinaries Binaries => binaries;

    public ParameterResource Password => password;

    public EndpointReference Endpoint => new(this, "tcp");

    /// <summary>Host and port, without a login.</summary>
    public ReferenceExpression Server => ReferenceExpression.Create($"Host=localhost;Port={Endpoint.Property(EndpointProperty.Port)}");

    // Channel binding: a man in the middle with a stolen certificate still cannot pass the password's proof on.
    public ReferenceExpression ConnectionStringExpression
        => ReferenceExpression.Create($"{Server};Username={PostgresServer.UserName};Password={password};SSL Mode=VerifyFull;Channel Binding=Require");
}

/// <summary>A database of it. It runs once it exists, and for as long as its server does.</summary>
internal sealed class EmbeddedDatabaseResource(string name, EmbeddedPostgresResource parent)
    : Resource(name), IResourceWithConnectionString, IResourceWithParent<EmbeddedPostgresResource>
{
    public EmbeddedPostgresResource Parent => parent;

    public ReferenceExpression ConnectionStringExpression => ReferenceExpression.Create($"{parent};Database={Name}");
}
