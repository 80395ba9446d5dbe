namespace SecureShop.AppHost;

/// <summary>Where data lives.</summary>
internal interface IStores
{
    /// <summary>What they are, in a few words for the console.</summary>
    string Description { get; }

    /// <summary>The owner's connection to the database; for the Database job alone. Whoever waits for it finds it created.</summary>
    IResourceBuilder<IResourceWithConnectionString> Shop { get; }

    /// <summary>Host and port of Postgres as the start of a connection string, without a login.</summary>
    ReferenceExpression Server { get; }

    /// <summary>What replicas share and may lose.</summary>
    IResourceBuilder<IResourceWithConnectionString> Redis { get; }
}
