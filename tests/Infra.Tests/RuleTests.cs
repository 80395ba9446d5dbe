namespace SecureShop.Infra.Tests;

/// <summary>What the templates deploy keeps the rules, and what breaks one is found.</summary>
public sealed class RuleTests(Bicep bicep, EvaluatedTemplates templates) : IClassFixture<EvaluatedTemplates>
{
    private const string OpenToAll = """
        resource all 'Microsoft.DBforPostgreSQL/flexibleServers/firewallRules@2025-08-01' = {
          parent: server
          name: 'all'
          properties: { startIpAddress: '0.0.0.0', endIpAddress: '255.255.255.255' }
        }


        """;

    [Fact]
    [Trait("Practice", "P13")]
    [Trait("Practice", "P20")]
    [Trait("Practice", "P35")]
    [Trait("Practice", "P40")]
    public void The_deployment_keeps_every_rule() => Assert.Empty(EvaluatedTemplates.Faults(templates.All));

    [Theory]
    [InlineData("catalog", "catalog.bicep", "    image: image\n", "    image: image\n    external: true\n", "catalog: the gateway is the one app")]
    [InlineData("gateway", "gateway.bicep", "    external: true\n", "    external: false\n", "gateway: the gateway is the one app")]
    [InlineData("orders", "modules/app.bicep", "allowInsecure: external", "allowInsecure: true", "orders: plain http")]
    [InlineData("gateway", "modules/app.bicep", "targetPort: 8080", "targetPort: 8081", "gateway: health is not for the world")]
    [InlineData("catalog", "modules/app.bicep", "targetPort: 8080", "targetPort: 5000", "catalog: nobody listens")]
    [InlineData("gateway", "gateway.bicep", "    healthPort: 8081\n", "", "gateway: the probes ask where health is answered")]
    [InlineData("identity", "modules/app.bicep", "/health/ready", "/health/live", "identity: three probes")]
    [InlineData("orders", "modules/app.bicep", "failures: 10", "failures: 24", "orders: a probe fails ten times at most")]
    [InlineData("main", "modules/postgres.bicep", "publicNetworkAccess: 'Disabled'", "publicNetworkAccess: 'Enabled'", "flexibleServers: has a public address")]
    [InlineData("main", "modules/vault.bicep", "publicNetworkAccess: 'Disabled'", "publicNetworkAccess: 'Enabled'", "vaults: has a public address")]
    [InlineData("main", "modules/registry.bicep", "adminUserEnabled: false", "adminUserEnabled: true", "the registry")]
    [InlineData("identity", "identity.bicep", "OTEL_SERVICE_NAME: 'identity'", "OTEL_SERVICE_NAME: 'identity'\n      Clients__StorefrontSecret: 'as plain as can be, but long'", "Clients__StorefrontSecret is a secret as a plain value")]
    [InlineData("catalog", "catalog.bicep", "Username=catalog_app;", "Username=catalog_app;Password=hunter2;", "ConnectionStrings__catalogdb is a secret as a plain value")]
    [InlineData("orders", "modules/app.bicep", "secretReferences(fromVault, identity.id, resourceGroup().id)", "concat(secretReferences(fromVault, identity.id, resourceGroup().id), [{ name: 'plain', value: 'hunter2' }])", "orders: plain is no reference")]
    [InlineData("catalog", "catalog.bicep", "PGPASSWORD: 'catalog-app-password'", "PGPASSWORD: 'orders-app-password'", "may not read what it needs: orders-app-password")]
    [InlineData("catalog", "catalog.bicep", "PGPASSWORD: 'catalog-app-password'", "PGPASSWORD: 'catalog-password'", "refers to a secret that is not announced")]
    [InlineData("main", "modules/vault.bicep", "name: 'orders-service-key', readers: ['orders']", "name: 'orders-service-key', readers: ['orders', 'gateway']", "may read what it does not need: orders-service-key")]
    [InlineData("main", "modules/vault.bicep", "4633458b-17de-408a-b874-0445c86b69e6", "00482a5a-887f-4fb3-b363-3b7fe8e74483", "a role beyond")]
    [InlineData("gateway", "modules/app.bicep", "lifecycle: 'None'", "lifecycle: 'All'", "gateway: code in the container")]
    [InlineData("main", "modules/postgres.bicep", "{ name: 'require_secure_transport', value: 'on' }", "{ name: 'require_secure_transport', value: 'off' }", "Postgres: TLS 1.2")]
    [InlineData("main", "modules/postgres.bicep", "value: 'TLSv1.3'", "value: 'TLSv1.1'", "Postgres: TLS 1.2")]
    [InlineData("main", "modules/redis.bicep", "clientProtocol: 'Encrypted'", "clientProtocol: 'Plaintext'", "Redis: TLS 1.2")]
    [InlineData("main", "modules/redis.bicep", "minimumTlsVersion: '1.2'", "minimumTlsVersion: '1.0'", "Redis: TLS 1.2")]
    [InlineData("main", "modules/redis.bicep", "evictionPolicy: 'NoEviction'", "evictionPolicy: 'AllKeysLRU'", "Redis: counters")]
    [InlineData("main", "modules/environment.bicep", "mtls: { enabled: true }", "mtls: { enabled: false }", "the environment: nothing between")]
    [InlineData("catalog", "catalog.bicep", "SSL Mode=VerifyFull", "SSL Mode=Require", "verifies the server")]
    [InlineData("catalog", "catalog.bicep", "Username=catalog_app", "Username=orders_app", "logs in as somebody else")]
    [InlineData("catalog", "catalog.bicep", "max: 8", "max: 9", "more connections than its role may hold")]
    [InlineData("orders", "orders.bicep", "min: 1", "min: 0", "a replica at rest")]
    [InlineData("gateway", "hosts.bicep", "'https://${app}.internal.${domain}'", "'http://${app}'", "is not https")]
    [InlineData("database", "database.bicep", "          image: image\n", "          image: 'images.azurecr.io/database:latest'\n", "database: its image is not the one that was pushed")]
    [InlineData("catalog", "modules/app.bicep", "transport: 'http'", "transport: 'tcp'", "catalog: one port, http")]
    [InlineData("catalog", "modules/app.bicep", "      ingress: {\n", "      ingress: name == 'catalog' ? null : {\n", "four apps and a job")]
    [InlineData("catalog", "modules/app.bicep", "name: identityOf(name)", "name: identityOf('orders')", "two apps share an identity")]
    [InlineData("orders", "modules/app.bicep", "server: registry, identity: identity.id", "server: registry, identity: 'system'", "orders: pulls by something else")]
    [InlineData("main", "modules/registry.bicep", "7f951dda-4ed3-4680-a7ca-43fe172d538d", "8311e382-0749-4cb8-b61a-304f252e45ec", "each app, and nobody else, pulls its image")]
    [InlineData("main", "modules/vault.bicep", "target: vault.id", "target: subnet", "vaults: has no private address")]
    [InlineData("main", "modules/vault.bicep", "defaultAction: 'Deny'", "defaultAction: 'Allow'", "the vault: rights by role alone")]
    [InlineData("main", "modules/environment.bicep", "infrastructureSubnetId: subnet", "infrastructureSubnetId: empty(local) ? subnet : null", "the environment: in our network")]
    [InlineData("main", "modules/postgres.bicep", "resource shop ", OpenToAll + "resource shop ", "nothing of ours has an address")]
    [InlineData("main", "modules/postgres.bicep", "version: '17'", "version: '16'", "Postgres: 17")]
    [InlineData("main", "modules/postgres.bicep", "'password_encryption', value: 'scram-sha-256'", "'password_encryption', value: 'md5'", "Postgres: passwords by SCRAM")]
    [InlineData("main", "modules/postgres.bicep", "value: 'panic'", "value: 'error'", "Postgres: no statement")]
    [InlineData("main", "modules/postgres.bicep", "backupRetentionDays: 14", "backupRetentionDays: 1", "Postgres: a week of backups")]
    [InlineData("orders", "modules/app.bicep", "identitySettings: [{ identity: identity.id, lifecycle: 'None' }]", "identitySettings: []", "orders: code in the container can get tokens for an identity")]
    [InlineData("database", "database.bicep", "identitySettings: [{ identity: identity.id, lifecycle: 'None' }]", "identitySettings: []", "database: code in the container can get tokens for an identity")]
    [InlineData("identity", "identity.bicep", "OTEL_SERVICE_NAME: 'identity'", "OTEL_SERVICE_NAME: 'identity'\n      ASPNETCORE_ENVIRONMENT: 'Development'", "identity: ASPNETCORE_ENVIRONMENT is for a laptop")]
    [InlineData("database", "database.bicep", "var settings = {", "var settings = {\n  Seed__Users__alice: 'hunter2hunter2'", "database: Seed__Users__alice is for a laptop")]
    [InlineData("catalog", "modules/app.bicep", "      containers: [", "      initContainers: [{ name: 'x', image: 'docker.io/x:latest' }]\n      containers: [", "catalog: something else runs beside it")]
    [InlineData("gateway", "gateway.bicep", "Proxies__Hops: '1'", "Proxies__Hops: '2'", "gateway: believes others than the ingress")]
    [InlineData("gateway", "gateway.bicep", "Proxies__Networks: '100.64.0.0/10'", "Proxies__Networks: '0.0.0.0/0'", "gateway: believes others than the ingress")]
    [InlineData("main", "modules/network.bicep", "access: 'Deny'", "access: 'Allow'", "the stores' addresses: the apps, and nobody else")]
    [InlineData("main", "modules/network.bicep", "sourceAddressPrefix: appsNetwork", "sourceAddressPrefix: '*'", "the stores' addresses: the apps, and nobody else")]
    [InlineData("main", "modules/network.bicep", "      networkSecurityGroup: { id: endpointRules.id }\n", "", "the stores' addresses: the rules apply to them")]
    [InlineData("main", "modules/network.bicep", "'privatelink.redis.azure.net'", "'privatelink.redis.cache.windows.net'", "the stores' names")]
    [InlineData("main", "modules/redis.bicep", "group: 'redisEnterprise'", "group: 'redisCache'", "its private address leads to another place")]
    [InlineData("main", "modules/vault.bicep", "name: 'demo-client-secret', readers: ['identity'], tags: { make: 'password' }", "name: 'demo-client-secret', readers: ['identity'], tags: {}", "demo-client-secret: nobody makes it")]
    [InlineData("main", "modules/redis.bicep", ",ssl=true'", ",ssl=false'", "Redis: the connection is not by TLS")]
    [InlineData("main", "modules/registry.bicep", "  scope: registry\n", "", "each app pulls from the registry")]
    [InlineData("main", "modules/postgres.bicep", "value: 'terse'", "value: 'verbose'", "Postgres: exactly these settings")]
    [InlineData("main", "modules/vault.bicep", "categoryGroup: 'audit', enabled: true", "categoryGroup: 'audit', enabled: false", "write their logs")]
    [InlineData("main", "modules/registry.bicep", "resource imagePulls", "resource extra 'Microsoft.Storage/storageAccounts@2025-01-01' = {\n  name: global('x', resourceGroup().id)\n  location: location\n  kind: 'StorageV2'\n  sku: { name: 'Standard_LRS' }\n}\n\nresource imagePulls", "Microsoft.Storage/storageAccounts: is none of the kinds")]
    [InlineData("orders", "orders.bicep", "inside('catalog', domain)", "inside('identity', domain)", "orders: services__catalog__https__0 leads elsewhere")]
    [InlineData("catalog", "catalog.bicep", "Channel Binding=Require;", "", "catalog: ConnectionStrings__catalogdb leads elsewhere")]
    public async Task What_breaks_a_rule_is_found(string template, string file, string text, string replacement, string fault)
    {
        using var broken = new Templates(bicep);
        broken.Edit(file, text, replacement);
        var deployment = templates.With(template, await broken.EvaluateAsync(template));

        Assert.Contains(EvaluatedTemplates.Faults(deployment), found => found.Contains(fault, StringComparison.Ordinal));
    }

    [Fact]
    public void The_two_host_names_are_the_gateways()
    {
        var gateway = templates.All.App("gateway");

        Assert.Equal($"https://gateway.{Azd.Domain}", gateway.Settings["Shop__Origin"]);
        Assert.Equal($"https://gateway---identity.{Azd.Domain}", gateway.Settings["Identity__Issuer"]);
        var all = Assert.Single(gateway.Node["properties"]!["configuration"]!["ingress"]!["traffic"]!.AsArray())!;
        Assert.Equal("""{"latestRevision":true,"weight":100,"label":"identity"}""", all.ToJsonString());

        // Who says otherwise would issue, or accept, tokens of somebody else.
        Assert.All(templates.All.Apps.Where(app => app.HasIngress), app => Assert.Equal(
            (gateway.Settings["Shop__Origin"], gateway.Settings["Identity__Issuer"]), (app.Settings["Shop__Origin"], app.Settings["Identity__Issuer"])));
    }

    [Theory]
    [InlineData("", "Disabled", null)]
    [InlineData("managed", "SniEnabled", "managedCertificates")]
    [InlineData("uploaded", "SniEnabled", "certificates")]
    public async Task Own_host_names_are_bound_to_their_certificates(string certificates, string binding, string? kind)
    {
        using var own = new Templates(bicep);

        var deployment = await own.EvaluateAsync("gateway", Azd.With(("SHOP_HOST", "shop.example"), ("IDENTITY_HOST", "id.example"), ("CERTIFICATES", certificates)));

        var gateway = deployment.App("gateway");
        Assert.Equal(("https://shop.example", "https://id.example"), (gateway.Settings["Shop__Origin"], gateway.Settings["Identity__Issuer"]));
        var domains = gateway.Node["properties"]!["configuration"]!["ingress"]!["customDomains"]!.AsArray();
        Assert.Equal(["shop.example", "id.example"], domains.Select(domain => (string?)domain!["name"]));
        Assert.All(domains, domain => Assert.Equal(binding, (string?)domain!["bindingType"]));
        Assert.Equal(
            kind is null ? [null, null] : [$"managedEnvironments/apps/{kind}/shop", $"managedEnvironments/apps/{kind}/identity"],
            domains.Select(domain => ((string?)domain!["certificateId"])?.Split("Microsoft.App/")[1]));
        Assert.Equal(
            certificates == "managed" ? ["shop.example", "id.example"] : [],
            deployment.OfType("Microsoft.App/managedEnvironments/managedCertificates").Select(certificate => certificate["subjectName"]));
    }

    [Fact]
    public async Task A_revision_can_keep_the_traffic_while_the_next_one_is_deployed()
    {
        using var held = new Templates(bicep);

        var traffic = (await held.EvaluateAsync("gateway", Azd.With(("LIVE_REVISION", "gateway--0000007")))).App("gateway").Node["properties"]!["configuration"]!["ingress"]!["traffic"]!;

        Assert.Equal(
            """[{"revisionName":"gateway--0000007","weight":100,"label":"identity"},{"latestRevision":true,"weight":0,"label":"next"}]""",
            traffic.ToJsonString());
    }

    [Fact]
    public async Task An_earlier_key_certificate_and_a_licence_come_from_the_vault_too()
    {
        using var later = new Templates(bicep);
        const string Version = "0123456789abcdef0123456789abcdef";

        var identity = (await later.EvaluateAsync("identity", Azd.With(("PREVIOUS_KEY_CERTIFICATE", Version), ("IDENTITY_LICENSED", "true")))).App("identity");

        Assert.Equal($"identity-key-certificate/{Version}", identity.FromVault["Identity__KeyCertificates__1"].Secret);
        Assert.Equal("identity-licence", identity.FromVault["Identity__LicenseKey"].Secret);
    }

    [Fact]
    public async Task An_earlier_master_key_comes_from_the_vault_too()
    {
        using var later = new Templates(bicep);
        const string Version = "0123456789abcdef0123456789abcdef";

        var orders = (await later.EvaluateAsync("orders", Azd.With(("PREVIOUS_MASTER_KEY", Version)))).App("orders");

        Assert.Equal("orders-master-key", orders.FromVault["Sealing__MasterKeys__0"].Secret);
        Assert.Equal($"orders-master-key/{Version}", orders.FromVault["Sealing__MasterKeys__1"].Secret);

        var identity = (await later.EvaluateAsync("identity", Azd.With(("PREVIOUS_IDENTITY_MASTER_KEY", Version)))).App("identity");
        Assert.Equal("identity-master-key", identity.FromVault["Sealing__MasterKeys__0"].Secret);
        Assert.Equal($"identity-master-key/{Version}", identity.FromVault["Sealing__MasterKeys__1"].Secret);
        Assert.Equal("identity-lookup-key", identity.FromVault["Sealing__LookupKey"].Secret);
    }

    [Fact]
    public async Task A_client_that_others_run_is_there_where_its_key_is_told()
    {
        using var told = new Templates(bicep);
        const string Ends = "https://shop.example/signed-out", Back = "https://partner.example/back";

        var with = (await told.EvaluateAsync("identity", Azd.With(("STOREFRONT_BACK_CHANNEL", Ends), ("PARTNER_REDIRECT", Back)))).App("identity").Settings;
        var without = (await told.EvaluateAsync("identity", Azd.With(("STOREFRONT_KEY", ""), ("PARTNER_KEY", "")))).App("identity").Settings;

        Assert.Equal(
            (Azd.ClientKey, Ends, Azd.ClientKey, Back),
            (with["Clients__StorefrontKey"], with["Clients__StorefrontBackChannel"], with["Clients__PartnerKey"], with["Clients__PartnerRedirect"]));
        Assert.DoesNotContain(without.Keys, setting => setting.StartsWith("Clients__", StringComparison.Ordinal));
    }
}
