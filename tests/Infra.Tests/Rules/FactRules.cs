using System.Text.Json.Nodes;

namespace SecureShop.Infra.Tests.Rules;

/// <summary>What is neither there nor different by chance: the whole list of kinds, and the values that only a reviewer would miss.</summary>
internal static class FactRules
{
    /// <summary>Whatever is not on this list is a way in, or a cost, that nobody has thought about.</summary>
    private static readonly HashSet<string> Kinds = new(StringComparer.Ordinal)
    {
        "Microsoft.App/containerApps", "Microsoft.App/jobs", "Microsoft.App/managedEnvironments", "Microsoft.App/managedEnvironments/managedCertificates",
        "Microsoft.Authorization/roleAssignments", "Microsoft.Cache/redisEnterprise", "Microsoft.Cache/redisEnterprise/databases",
        "Microsoft.ContainerRegistry/registries", "Microsoft.DBforPostgreSQL/flexibleServers", "Microsoft.DBforPostgreSQL/flexibleServers/configurations",
        "Microsoft.DBforPostgreSQL/flexibleServers/databases", "Microsoft.Insights/components", "Microsoft.Insights/diagnosticSettings",
        "Microsoft.KeyVault/vaults", "Microsoft.KeyVault/vaults/secrets", "Microsoft.ManagedIdentity/userAssignedIdentities",
        "Microsoft.Network/networkSecurityGroups", "Microsoft.Network/privateDnsZones", "Microsoft.Network/privateDnsZones/virtualNetworkLinks",
        "Microsoft.Network/privateEndpoints", "Microsoft.Network/privateEndpoints/privateDnsZoneGroups", "Microsoft.Network/virtualNetworks",
        "Microsoft.Network/virtualNetworks/subnets", "Microsoft.OperationalInsights/workspaces", "Microsoft.Resources/resourceGroups",
    };

    private static readonly (string Kind, string Property, string? Value)[] Facts =
    [
        ("Microsoft.KeyVault/vaults", "networkAcls.bypass", "AzureServices"),
        ("Microsoft.KeyVault/vaults", "enableSoftDelete", "true"),
        ("Microsoft.KeyVault/vaults", "enabledForDeployment", null),
        ("Microsoft.KeyVault/vaults", "enabledForDiskEncryption", null),
        ("Microsoft.DBforPostgreSQL/flexibleServers", "authConfig.activeDirectoryAuth", "Disabled"),
        ("Microsoft.App/managedEnvironments", "vnetConfiguration.internal", "false"),
        ("Microsoft.OperationalInsights/workspaces", "features.disableLocalAuth", "true"),
        ("Microsoft.Insights/components", "DisableIpMasking", "false"),
    ];

    private static readonly Dictionary<string, string> PostgresSettings = new(StringComparer.Ordinal)
    {
        ["require_secure_transport"] = "on",
        ["ssl_min_protocol_version"] = "TLSv1.3",
        ["password_encryption"] = "scram-sha-256",
        ["log_connections"] = "on",
        ["log_error_verbosity"] = "terse",
        ["log_min_error_statement"] = "panic",
    };

    /// <summary>By the link's group: whose private address it is, and the output of network.bicep that its name is kept in.</summary>
    private static readonly Dictionary<string, (string Kind, string Zone)> Links = new(StringComparer.Ordinal)
    {
        ["vault"] = ("Microsoft.KeyVault/vaults", "vaultZone"),
        ["postgresqlServer"] = ("Microsoft.DBforPostgreSQL/flexibleServers", "postgresZone"),
        ["redisEnterprise"] = ("Microsoft.Cache/redisEnterprise", "redisZone"),
    };

    // Of clients, and of services that sign their audit trail.
    private static readonly string[] KeyPairs = ["orders-service-key", "catalog-service-key", "gateway-key", "identity-audit-key", "catalog-audit-key", "orders-audit-key"];

    private static readonly string[] Zones =
    [
        "[replace(format('privatelink{0}', environment().suffixes.keyvaultDns), '.vault.', '.vaultcore.')]",
        "privatelink.postgres.database.azure.com",
        "privatelink.redis.azure.net",
    ];

    public static IEnumerable<string> Faults(Deployment deployment)
        => [.. Values(deployment), .. Network(deployment), .. Secrets(deployment), .. deployment.Apps.SelectMany(AppFaults)];

    private static IEnumerable<string> Values(Deployment deployment)
    {
        foreach (var kind in deployment.Resources.Select(resource => resource.Type).Where(kind => !Kinds.Contains(kind)).Distinct(StringComparer.Ordinal))
            yield return $"{kind}: is none of the kinds that are deployed";
        foreach (var (kind, property, value) in Facts)
        {
            if (deployment.OfType(kind).Single()[property] != value)
                yield return $"{kind}: {property} is {value ?? "not set"}";
        }

        var settings = deployment.OfType("Microsoft.DBforPostgreSQL/flexibleServers/configurations").ToDictionary(setting => setting.Name, setting => setting["value"]!, StringComparer.Ordinal);
        if (settings.Count != PostgresSettings.Count || settings.Any(setting => PostgresSettings.GetValueOrDefault(setting.Key) != setting.Value))
            yield return "Postgres: exactly these settings";
        if (deployment.OfType("Microsoft.Insights/diagnosticSettings").Count(setting => setting.Node["properties"]!["logs"]!.AsArray() is [{ } log] && (bool)log["enabled"]!) != 3)
            yield return "vault, Postgres and environment write their logs";
    }

    private static IEnumerable<string> Network(Deployment deployment)
    {
        var rules = deployment.OfType("Microsoft.Network/networkSecurityGroups").Single().Node["properties"]!["securityRules"]!.AsArray().Select(rule => new Resource(rule!.AsObject())).ToList();
        var apps = deployment.OfType("Microsoft.Network/virtualNetworks/subnets").Single(subnet => subnet.Name == "apps");
        var endpoints = deployment.OfType("Microsoft.Network/virtualNetworks/subnets").Single(subnet => subnet.Name == "endpoints");
        if (rules is not [var allow, var deny]
            || (allow["access"], allow["direction"], allow["sourceAddressPrefix"]) != ("Allow", "Inbound", apps["addressPrefix"])
            || (deny["access"], deny["direction"], deny["sourceAddressPrefix"], deny["destinationPortRange"], deny["protocol"]) != ("Deny", "Inbound", "*", "*", "*"))
            yield return "the stores' addresses: the apps, and nobody else";
        if (endpoints["networkSecurityGroup.id"] is null || endpoints["privateEndpointNetworkPolicies"] != "NetworkSecurityGroupEnabled")
            yield return "the stores' addresses: the rules apply to them";

        foreach (var endpoint in deployment.OfType("Microsoft.Network/privateEndpoints"))
        {
            var link = endpoint.Node["properties"]!["privateLinkServiceConnections"]![0]!["properties"]!;
            var group = (string)link["groupIds"]![0]!;
            var zone = deployment.OfType("Microsoft.Network/privateEndpoints/privateDnsZoneGroups").Single(names => names.Id.StartsWith($"{endpoint.Id}/", StringComparison.Ordinal));
            if (!Links.TryGetValue(group, out var expected)
                || !((string)link["privateLinkServiceId"]!).Contains($"/{expected.Kind}/", StringComparison.Ordinal)
                || !zone.Node.ToJsonString().Contains($".outputs.{expected.Zone}.value", StringComparison.Ordinal)
                || endpoint["subnet.id"]?.EndsWith(".outputs.endpoints.value]", StringComparison.Ordinal) != true)
                yield return $"{endpoint.Name}: its private address leads to another place, or has another name";
        }

        if (!deployment.OfType("Microsoft.Network/privateDnsZones").Select(zone => (string)zone.Node["name"]!).Order(StringComparer.Ordinal).SequenceEqual(Zones.Order(StringComparer.Ordinal), StringComparer.Ordinal)
            || deployment.OfType("Microsoft.Network/privateDnsZones/virtualNetworkLinks").Count() != Zones.Length)
            yield return "the stores' names: these zones, all known to the network";
    }

    private static string PublicPart(string key) => key.Replace("-key", "-public-key", StringComparison.Ordinal);

    private static IEnumerable<string> Secrets(Deployment deployment)
    {
        // Where each of the others comes from: the templates, another's public part, whoever issues it. One without a maker keeps a
        // placeholder that it shares with all the others.
        var made = new HashSet<string>(["postgres-admin-password", .. KeyPairs.Select(PublicPart), "redis-connection", "identity-licence", "mail-password"], StringComparer.Ordinal);
        var tags = deployment.OfType("Microsoft.KeyVault/vaults/secrets").Where(secret => secret.Node["tags"] is not null).ToDictionary(secret => secret.Name, secret => secret.Node["tags"]!, StringComparer.Ordinal);
        foreach (var secret in deployment.OfType("Microsoft.KeyVault/vaults/secrets").Select(secret => secret.Name).Distinct(StringComparer.Ordinal))
        {
            var make = tags.TryGetValue(secret, out var tag) ? (string?)tag["make"] : null;
            if (make is null ? !made.Contains(secret) : make is not ("password" or "sealing-certificate" or "sealing-key" or "lookup-key" or "ec-p256-private-key"))
                yield return $"{secret}: nobody makes it";
            if (make == "ec-p256-private-key" && (!KeyPairs.Contains(secret, StringComparer.Ordinal) || (string?)tags[secret]["public-part"] != PublicPart(secret)))
                yield return $"{secret}: its public part goes nowhere";
        }

        var connection = deployment.OfType("Microsoft.KeyVault/vaults/secrets").Select(secret => secret["value"]!).Single(value => value.Contains("password=", StringComparison.Ordinal));
        if (!connection.Contains(",ssl=true'", StringComparison.Ordinal))
            yield return "Redis: the connection is not by TLS";
        var pulls = deployment.OfType("Microsoft.Authorization/roleAssignments").Where(grant => grant["roleDefinitionId"]!.EndsWith("/7f951dda-4ed3-4680-a7ca-43fe172d538d", StringComparison.Ordinal)).ToList();
        if (pulls.Any(pull => !pull.Id.Contains("/Microsoft.ContainerRegistry/registries/", StringComparison.Ordinal)) || pulls.Select(pull => pull["principalId"]).Distinct(StringComparer.Ordinal).Count() != pulls.Count)
            yield return "each app pulls from the registry, and by itself";
    }

    private static IEnumerable<string> AppFaults(App app)
    {
        var configuration = app.Node["properties"]!["configuration"]!;
        var template = app.Node["properties"]!["template"]!;

        // An empty list would be one of which everything is true.
        if ((configuration["identitySettings"] as JsonArray) is not [{ } setting] || (string?)setting["identity"] != app.Identity || (string?)setting["lifecycle"] != "None" || (string?)app.Node["identity"]!["type"] != "UserAssigned")
            yield return $"{app.Name}: code in the container can get tokens for an identity";
        if (template["initContainers"] is not null || template["volumes"] is not null)
            yield return $"{app.Name}: something else runs beside it";
        if ((configuration["registries"] as JsonArray) is not [{ } registry] || (string?)registry["server"] != app.Image.Split('/')[0])
            yield return $"{app.Name}: logs in to another registry than its image's";
        if (app.Settings.Keys.FirstOrDefault(name => name.EndsWith("_ENVIRONMENT", StringComparison.Ordinal) || name.StartsWith("Seed__", StringComparison.Ordinal)) is { } local)
            yield return $"{app.Name}: {local} is for a laptop";
        if (!app.HasIngress)
            yield break;

        // Whoever is believed here says who the caller is: limits and lockouts count by it.
        var (networks, hops) = app.Name == "gateway" ? ("100.64.0.0/10", "1") : ("100.64.0.0/10,10.40.0.0/23", "2");
        if ((app.Settings.GetValueOrDefault("Proxies__Networks"), app.Settings.GetValueOrDefault("Proxies__Hops")) != (networks, hops))
            yield return $"{app.Name}: believes others than the ingress";
        if (app["configuration.activeRevisionsMode"] != (app.Name == "gateway" ? "Multiple" : "Single"))
            yield return $"{app.Name}: one revision at a time, but the gateway's";
        foreach (var (name, value) in app.Settings.Where(entry => entry.Key.StartsWith("services__", StringComparison.Ordinal)))
        {
            if (value != $"https://{name.Split("__")[1]}.internal.{Azd.Domain}")
                yield return $"{app.Name}: {name} leads elsewhere";
        }

        foreach (var (name, value) in app.Settings.Where(entry => entry.Key.StartsWith("ConnectionStrings__", StringComparison.Ordinal)))
        {
            var connection = new Npgsql.NpgsqlConnectionStringBuilder(value);
            if (connection.Host != Azd.Environment["AZURE_POSTGRES_HOST"] || connection.ChannelBinding != Npgsql.ChannelBinding.Require)
                yield return $"{app.Name}: {name} leads elsewhere, or whoever stands between can log in, too";
        }

        if (app.FromVault.TryGetValue("PGPASSWORD", out var password) && password.Name != $"{app.Name}-app-password")
            yield return $"{app.Name}: its password is another secret";
    }
}
