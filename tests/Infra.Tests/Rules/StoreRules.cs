using System.Globalization;

namespace SecureShop.Infra.Tests.Rules;

/// <summary>What the stores, and the ways to them, have to be like.</summary>
internal static class StoreRules
{
    /// <summary>The sessions that a role may hold (Database/RolesStep).</summary>
    private const int RoleLimit = 64;

    public static IEnumerable<string> Faults(Deployment deployment)
    {
        var postgres = deployment.OfType("Microsoft.DBforPostgreSQL/flexibleServers").Single();
        var settings = deployment.OfType("Microsoft.DBforPostgreSQL/flexibleServers/configurations").ToDictionary(setting => setting.Name, setting => setting["value"], StringComparer.Ordinal);
        if (postgres["version"] != "17")
            yield return "Postgres: 17";
        if (settings.GetValueOrDefault("require_secure_transport") != "on" || settings.GetValueOrDefault("ssl_min_protocol_version") is not ("TLSv1.2" or "TLSv1.3"))
            yield return "Postgres: TLS 1.2 at least, and nothing without";
        if (settings.GetValueOrDefault("password_encryption") != "scram-sha-256")
            yield return "Postgres: passwords by SCRAM";
        if (settings.GetValueOrDefault("log_min_error_statement") != "panic")
            yield return "Postgres: no statement, and so no person, in the log";
        if (int.Parse(postgres["backup.backupRetentionDays"] ?? "0", CultureInfo.InvariantCulture) < 7)
            yield return "Postgres: a week of backups at least";

        var redis = deployment.OfType("Microsoft.Cache/redisEnterprise").Single();
        var store = deployment.OfType("Microsoft.Cache/redisEnterprise/databases").Single();
        if (redis["minimumTlsVersion"] != "1.2" || store["clientProtocol"] != "Encrypted")
            yield return "Redis: TLS 1.2 at least, and nothing without";
        if (store["evictionPolicy"] != "NoEviction")
            yield return "Redis: counters are not forgotten when it is full";

        var environment = deployment.OfType("Microsoft.App/managedEnvironments").Single();
        if (environment["peerAuthentication.mtls.enabled"] != "true" || environment["peerTrafficConfiguration.encryption.enabled"] != "true")
            yield return "the environment: nothing between two apps in the clear or from a stranger";
        if (environment["vnetConfiguration.infrastructureSubnetId"] is null)
            yield return "the environment: in our network";

        foreach (var app in deployment.Apps)
        {
            foreach (var fault in ConnectionFaults(app))
                yield return fault;
        }
    }

    private static IEnumerable<string> ConnectionFaults(App app)
    {
        foreach (var (setting, value) in app.Settings.Where(entry => entry.Key.StartsWith("ConnectionStrings__", StringComparison.Ordinal)))
        {
            var connection = new Npgsql.NpgsqlConnectionStringBuilder(value);
            if (connection.SslMode != Npgsql.SslMode.VerifyFull || !app.FromVault.ContainsKey("PGPASSWORD"))
                yield return $"{app.Name}: {setting} verifies the server, and its password comes from the vault";
            if (app.HasIngress && connection.Username != $"{app.Name}_app")
                yield return $"{app.Name}: {setting} logs in as somebody else";
            // The catalog listens on one beside its pool.
            var most = connection.MaxPoolSize + (app.Name == "catalog" ? 1 : 0);
            if (app.HasIngress && 2 * most * int.Parse(app["template.scale.maxReplicas"]!, CultureInfo.InvariantCulture) > RoleLimit)
                yield return $"{app.Name}: its replicas, twice as many while a new revision takes over, can want more connections than its role may hold";
        }

        foreach (var (setting, value) in app.Settings.Where(entry => entry.Value.StartsWith("http", StringComparison.Ordinal) && entry.Key != "ASPNETCORE_URLS"))
        {
            if (!value.StartsWith("https://", StringComparison.Ordinal))
                yield return $"{app.Name}: {setting} is not https";
        }

        if (app.HasIngress && int.Parse(app["template.scale.minReplicas"]!, CultureInfo.InvariantCulture) < 1)
            yield return $"{app.Name}: a replica at rest, or the first caller waits, and half-way orders stand still";
    }
}
