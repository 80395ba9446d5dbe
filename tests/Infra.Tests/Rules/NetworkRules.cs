namespace SecureShop.Infra.Tests.Rules;

/// <summary>Who can be reached from where.</summary>
internal static class NetworkRules
{
    public static IEnumerable<string> Faults(Deployment deployment)
    {
        var apps = deployment.Apps.ToList();
        foreach (var app in apps.Where(app => app.HasIngress))
        {
            var isGateway = app.Name == "gateway";
            if (app["configuration.ingress.external"] != (isGateway ? "true" : "false"))
                yield return $"{app.Name}: the gateway is the one app that the world reaches, and has to be";

            // The gateway answers plain http itself, by refusing (P20). To a service nobody has to speak it.
            if (app["configuration.ingress.allowInsecure"] != (isGateway ? "true" : "false"))
                yield return $"{app.Name}: plain http is for the gateway, which refuses it, and for nobody else";
            if (app["configuration.ingress.transport"] != "http" || app["configuration.ingress.corsPolicy"] is not null || app["configuration.ingress.additionalPortMappings"] is not null)
                yield return $"{app.Name}: one port, http, and CORS by the gateway's own rules";
            foreach (var fault in PortFaults(app))
                yield return fault;
        }

        if (apps.Count(app => app.HasIngress) != 4 || apps.Count(app => !app.HasIngress) != 1)
            yield return "there are four apps and a job without an ingress";

        foreach (var store in (string[])["Microsoft.KeyVault/vaults", "Microsoft.DBforPostgreSQL/flexibleServers", "Microsoft.Cache/redisEnterprise"])
        {
            var resource = deployment.OfType(store).Single();
            if ((resource["publicNetworkAccess"] ?? resource["network.publicNetworkAccess"]) != "Disabled")
                yield return $"{store}: has a public address";
            if (!deployment.OfType("Microsoft.Network/privateEndpoints").Any(endpoint => endpoint.Node.ToJsonString().Contains(resource.Id, StringComparison.Ordinal)))
                yield return $"{store}: has no private address";
        }

        if (deployment.OfType("Microsoft.DBforPostgreSQL/flexibleServers/firewallRules").Any() || deployment.OfType("Microsoft.Network/publicIPAddresses").Any())
            yield return "nothing of ours has an address of its own in the internet";
        var registry = deployment.OfType("Microsoft.ContainerRegistry/registries").Single();
        if (registry["adminUserEnabled"] != "false" || registry["anonymousPullEnabled"] != "false")
            yield return "the registry: nobody pulls without an identity";
    }

    // What the ingress and the probes connect to has to be listened on.
    private static IEnumerable<string> PortFaults(App app)
    {
        var listened = app.Settings.GetValueOrDefault("ASPNETCORE_URLS", "").Split(';').Select(url => url.Split(':')[^1]).ToHashSet(StringComparer.Ordinal);
        var health = app.Settings.GetValueOrDefault("Gateway__HealthPort", "8080");
        if (!listened.Contains(app["configuration.ingress.targetPort"]!))
            yield return $"{app.Name}: nobody listens on the port of the ingress";
        if (app.Name == "gateway" && health == app["configuration.ingress.targetPort"])
            yield return "gateway: health is not for the world";

        var probes = app.Container["probes"]?.AsArray() ?? [];
        if (!probes.Select(probe => $"{probe!["type"]} {probe["httpGet"]!["path"]}").SequenceEqual(["Startup /health/live", "Liveness /health/live", "Readiness /health/ready"], StringComparer.Ordinal))
            yield return $"{app.Name}: three probes, of which readiness alone looks at the stores";
        if (probes.Any(probe => probe!["httpGet"]!["port"]!.ToString() != health || !listened.Contains(health)))
            yield return $"{app.Name}: the probes ask where health is answered";

        // The types do not know it, and the environment refuses the app.
        if (probes.Any(probe => (int)probe!["failureThreshold"]! is < 1 or > 10 || (int)probe["periodSeconds"]! > 240))
            yield return $"{app.Name}: a probe fails ten times at most";
    }
}
