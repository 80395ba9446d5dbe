using System.Globalization;
using SecureShop.AppHost;

return await LocalRun.StartAsync(args, AddShop);

// The topology: what runs, who may reach whom, and which secret goes where.
static void AddShop(IDistributedApplicationBuilder builder, LocalSettings settings, IStores stores, KeptSecrets kept, DataFolder data)
{
    // The only door. What is declared before WithExternalHttpEndpoints is public; health, declared after it, is not.
    // The first replica has the known ports, and its two origins are the ones that the world sees. (Aspire shows the last one first.)
    var gateway = AddReplicas<Projects.Gateway>("gateway", (replica, first) => replica
        .WithHttpEndpoint(first ? settings.Plain : null, name: "plain", isProxied: false)
        .WithHttpsEndpoint(first ? settings.Identity : null, name: "identity", isProxied: false)
        .WithHttpsEndpoint(first ? settings.Shop : null, name: "shop", isProxied: false)
        .WithExternalHttpEndpoints()
        .WithHttpsEndpoint(name: "health", isProxied: false)
        .WithHttpHealthCheck("/health/ready", endpointName: "health")
        .WithUrlForEndpoint("health", url => url.DisplayLocation = UrlDisplayLocation.DetailsOnly)
        .WithEnvironment("Gateway__HealthPort", replica.GetEndpoint("health").Property(EndpointProperty.TargetPort)));
    var shopOrigin = ReferenceExpression.Create($"https://localhost:{gateway[0].GetEndpoint("shop").Property(EndpointProperty.Port)}");
    var identityOrigin = ReferenceExpression.Create($"https://localhost:{gateway[0].GetEndpoint("identity").Property(EndpointProperty.Port)}");

    // Least privilege: each service logs in as its own role, which may not change the schema. Only the Database job
    // sees the owner's login.
    var identityRole = builder.AddAppRole("identity", stores, kept);
    var catalogRole = builder.AddAppRole("catalog", stores, kept);
    var ordersRole = builder.AddAppRole("orders", stores, kept);

    // What Identity seals opens with this alone. The job has it for the demo users' authenticator apps.
    var keyRing = kept.AddSealingCertificate(builder, "identity-key-certificate");

    // Who people are is sealed by keys that this one wraps, and found by the other. The job has them for the demo users, too.
    var identityMasterKey = kept.AddSealingKey(builder, "identity-master-key");
    var identityLookupKey = kept.AddSealingKey(builder, "identity-lookup-key");

    // Each service signs its own audit trail; whoever verifies it needs the public parts.
    var identityAudit = kept.AddKeyPair(builder, "identity-audit-key");
    var catalogAudit = kept.AddKeyPair(builder, "catalog-audit-key");
    var ordersAudit = kept.AddKeyPair(builder, "orders-audit-key");

    var database = builder.AddProject<Projects.Database>("database").AsBuilt()
        .WithEnvironment("DOTNET_ENVIRONMENT", builder.Environment.EnvironmentName)
        .WithReference(stores.Shop, connectionName: "shop")
        .WithEnvironment("Roles__identity_app", identityRole.Password)
        .WithEnvironment("Roles__catalog_app", catalogRole.Password)
        .WithEnvironment("Roles__orders_app", ordersRole.Password)
        .WithDemoUsers(builder, kept)
        .WithEnvironment("Seed__Identity__KeyCertificates__0", keyRing)
        .WithEnvironment("Seed__Sealing__MasterKeys__0", identityMasterKey)
        .WithEnvironment("Seed__Sealing__LookupKey", identityLookupKey)
        .WithEnvironment("Audit__Keys__identity", identityAudit.PublicPart)
        .WithEnvironment("Audit__Keys__catalog", catalogAudit.PublicPart)
        .WithEnvironment("Audit__Keys__orders", ordersAudit.PublicPart)
        .WithEnvironment("Audit__Folder", data.Checkpoints)
        .WaitFor(stores.Shop);

    // orders-service proves itself by a signature: the private key stays with Orders, Identity knows the public part. So do
    // catalog-service, and the gateway, where it exchanges API keys.
    var ordersKey = kept.AddKeyPair(builder, "orders-service-key");
    var catalogKey = kept.AddKeyPair(builder, "catalog-service-key");
    var gatewayKey = kept.AddKeyPair(builder, "gateway-key");

    // And so do the web shop and a partner. Nothing that runs here uses their private keys yet; who tries a client out takes one from
    // the dashboard.
    var storefrontKey = kept.AddKeyPair(builder, "storefront-key");
    var partnerKey = kept.AddKeyPair(builder, "partner-key");
    var demoSecret = kept.AddSecret(builder, Welcome.DemoSecret);
    var mailbox = builder.AddMailbox(kept.AddSecret(builder, "mail-password"));

    var identity = AddService<Projects.Identity>("identity", service => service
        .WithReference(identityRole.Login)
        .WithAudit(identityAudit, data)
        .WithReference(stores.Redis).WaitFor(stores.Redis)
        .WithEnvironment("Identity__KeyCertificates__0", keyRing)
        .WithEnvironment("Sealing__MasterKeys__0", identityMasterKey)
        .WithEnvironment("Sealing__LookupKey", identityLookupKey)
        .WithMailbox(mailbox)
        .WithEnvironment("Clients__DemoSecret", demoSecret)
        .WithEnvironment("Clients__OrdersServiceKey", ordersKey.PublicPart)
        .WithEnvironment("Clients__CatalogServiceKey", catalogKey.PublicPart)
        .WithEnvironment("Clients__StorefrontKey", storefrontKey.PublicPart)
        .WithEnvironment("Clients__PartnerKey", partnerKey.PublicPart)
        .WithEnvironment("Clients__GatewayKey", gatewayKey.PublicPart));

    var catalog = AddService<Projects.Catalog_Api>("catalog", service => service
        .WithReference(catalogRole.Login)
        .WithAudit(catalogAudit, data)
        .WithReference(stores.Redis).WaitFor(stores.Redis)
        .WithServices(identity)
        .WithEnvironment("ServiceClient__Id", "catalog-service")
        .WithEnvironment("ServiceClient__Key", catalogKey.PrivatePart));

    var ordersMasterKey = kept.AddSealingKey(builder, "orders-master-key");
    var orders = AddService<Projects.Orders_Api>("orders", service => service
        .WithReference(ordersRole.Login)
        .WithAudit(ordersAudit, data)
        .WithServices(identity)
        .WithServices(catalog)
        .WithEnvironment("Payments__Provider", "development")
        .WithEnvironment("ServiceClient__Id", "orders-service")
        .WithEnvironment("ServiceClient__Key", ordersKey.PrivatePart)
        .WithEnvironment("Sealing__MasterKeys__0", ordersMasterKey));

    foreach (var replica in gateway)
    {
        // Limits are counted together in Redis; a gateway starts without it, and then admits its share.
        replica.WithReference(stores.Redis).WithEnvironment("Limits__Replicas", settings.Replicas.ToString(CultureInfo.InvariantCulture))
            .WithEnvironment("ServiceClient__Id", "gateway")
            .WithEnvironment("ServiceClient__Key", gatewayKey.PrivatePart);
        foreach (var service in (IEnumerable<IReadOnlyList<IResourceBuilder<ProjectResource>>>)[identity, catalog, orders])
            replica.WithServices(service).WaitFor(service[0]);
    }

    foreach (var project in (IEnumerable<IResourceBuilder<ProjectResource>>)[.. gateway, .. identity, .. catalog, .. orders, mailbox.Resource])
        project.WithEnvironment("Identity__Issuer", identityOrigin).WithEnvironment("Shop__Origin", shopOrigin);

    IReadOnlyList<IResourceBuilder<ProjectResource>> AddService<TProject>(string name, Action<IResourceBuilder<ProjectResource>> configure)
        where TProject : IProjectMetadata, new() => AddReplicas<TProject>(name, (replica, _) => configure(replica
            .WithHttpsEndpoint(isProxied: false)
            .WithHttpHealthCheck("/health/ready", endpointName: "https")
            .WaitForCompletion(database)));

    IReadOnlyList<IResourceBuilder<ProjectResource>> AddReplicas<TProject>(string name, Action<IResourceBuilder<ProjectResource>, bool> configure)
        where TProject : IProjectMetadata, new() => builder.AddReplicas<TProject>(name, settings.Replicas, (replica, index) => configure(
            replica.AsBuilt().WithQuickStop().WithEnvironment("ASPNETCORE_ENVIRONMENT", builder.Environment.EnvironmentName), index == 0));
}
