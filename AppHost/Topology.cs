namespace SecureShop.AppHost;

/// <summary>Where data lives.</summary>
/// <param name="Shop">The owner's connection to the database; for the Database job alone.</param>
/// <param name="Server">Host and port as the start of a connection string, without a login.</param>
/// <param name="Redis">What replicas share and may lose.</param>
internal sealed record Stores(
    IResourceBuilder<IResourceWithConnectionString> Shop,
    ReferenceExpression Server,
    IResourceBuilder<IResourceWithConnectionString> Redis);

/// <summary>Every part of the system, for those who decorate it.</summary>
internal sealed record Topology(
    Stores Stores,
    IResourceBuilder<ProjectResource> Database,
    IResourceBuilder<ProjectResource> Identity,
    IResourceBuilder<ProjectResource> Catalog,
    IResourceBuilder<ProjectResource> Orders,
    IResourceBuilder<ProjectResource> Gateway);
