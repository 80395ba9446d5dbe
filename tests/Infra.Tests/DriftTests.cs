namespace SecureShop.Infra.Tests;

/// <summary>What AppHost starts on a laptop and what the templates deploy are the same system.</summary>
public sealed class DriftTests(Bicep bicep, EvaluatedTemplates templates, AppHostModel host) : IClassFixture<EvaluatedTemplates>, IClassFixture<AppHostModel>
{
    /// <summary>What AppHost sets and the templates do not, each for its reason.</summary>
    private static readonly Dictionary<string, string> OnlyLocal = new(StringComparer.Ordinal)
    {
        ["ASPNETCORE_ENVIRONMENT"] = "unset means Production",
        ["DOTNET_ENVIRONMENT"] = "unset means Production",
        ["ASPNETCORE_FORWARDEDHEADERS_ENABLED"] = "has no effect; Proxies__Networks names the ingress",
        ["Audit__Folder"] = "in the cloud the log workspace keeps the checkpoints",
        ["ASPNETCORE_HTTPS_PORT"] = "for the framework's own redirection to https, which nobody uses; the ingress ends TLS",
    };

    /// <summary>What AppHost starts and nothing deploys.</summary>
    private static readonly Dictionary<string, string> OnlyOnALaptop = new(StringComparer.Ordinal)
    {
        ["mailbox"] = "in the cloud a mail server takes the mail",
    };

    /// <summary>Words that are each deployment's own.</summary>
    private static readonly Dictionary<string, string> OwnWords = new(StringComparer.Ordinal)
    {
        ["Mail__From"] = "an address that the mail server may send for",
        ["Mail__User"] = "the mail server's to say",
        ["Limits__Replicas"] = "as many as it has",
    };

    /// <summary>What the templates set and AppHost does not.</summary>
    private static readonly Dictionary<string, string> OnlyCloud = new(StringComparer.Ordinal)
    {
        ["ASPNETCORE_URLS"] = "on a laptop Aspire chooses the ports of each run",
        ["PGPASSWORD"] = "on a laptop the password stands in the connection string, which is generated with it",
        ["Proxies__Networks"] = "on a laptop there is no proxy before the gateway, and before a service only the gateway, on loopback",
        ["Proxies__Hops"] = "as Proxies__Networks",
        ["OTEL_SERVICE_NAME"] = "on a laptop Aspire sets it when a resource starts",
    };

    private IEnumerable<KeyValuePair<string, IReadOnlyDictionary<string, string>>> Started => host.Projects.Where(project => !OnlyOnALaptop.ContainsKey(project.Key));

    [Fact]
    public void Whatever_AppHost_starts_is_deployed()
    {
        var started = Started.Select(project => project.Key).Order(StringComparer.Ordinal).ToList();
        Assert.Equal(started, templates.All.Apps.Select(app => app.Name).Order(StringComparer.Ordinal));
        Assert.Equal(started, Azd.Services.Order(StringComparer.Ordinal));
        Assert.Empty(OnlyOnALaptop.Keys.Except(host.Projects.Keys, StringComparer.Ordinal));
    }

    [Fact]
    public void Each_setting_of_AppHost_has_its_counterpart() => Assert.Empty(Drift(templates.All));

    [Theory]
    [InlineData("orders", "      services__catalog__https__0: inside('catalog', domain)\n", "", "orders: services__catalog__https__0 is set by AppHost alone")]
    [InlineData("identity", "        Clients__DemoSecret: 'demo-client-secret'\n", "", "identity: Clients__DemoSecret is set by AppHost alone")]
    [InlineData("identity", "Clients__DemoSecret: ", "Clients__DemoSecrets: ", "identity: Clients__DemoSecrets is set by the templates alone")]
    [InlineData("database", "  Roles__orders_app: 'orders-app-password'\n", "", "database: Roles__orders_app is set by AppHost alone")]
    [InlineData("orders", "      ServiceClient__Id: 'orders-service'\n", "      ServiceClient__Id: 'orders'\n", "orders: ServiceClient__Id is 'orders', and 'orders-service' in AppHost")]
    public async Task A_setting_that_is_missing_or_mistyped_is_found(string template, string text, string replacement, string drift)
    {
        using var broken = new Templates(bicep);
        broken.Edit($"{template}.bicep", text, replacement);

        Assert.Contains(drift, Drift(templates.With(template, await broken.EvaluateAsync(template))));
    }

    [Fact]
    public void A_service_that_AppHost_alone_has_is_found()
    {
        var without = new Deployment([.. templates.All.Resources.Where(resource => resource.Name != "catalog")]);

        Assert.Contains("catalog: is started by AppHost alone", Drift(without));
    }

    [Fact]
    [Trait("Practice", "P40")]
    public void What_is_a_secret_to_AppHost_comes_from_the_vault()
    {
        var settings = Started.SelectMany(project => project.Value
            .Where(setting => !IsOnlyLocal(setting.Key) && host.Secrets.Any(secret => setting.Value.Contains(secret, StringComparison.Ordinal)))
            .Select(setting => (Project: project.Key, Setting: setting.Key))).ToList();

        Assert.Contains(("orders", "ServiceClient__Key"), settings);
        Assert.All(settings, entry => Assert.Contains(entry.Setting, templates.All.App(entry.Project).FromVault.Keys));
    }

    private List<string> Drift(Deployment deployment)
    {
        var found = new List<string>();
        foreach (var (name, local) in Started)
        {
            if (deployment.Apps.SingleOrDefault(app => app.Name == name) is not { } app)
            {
                found.Add($"{name}: is started by AppHost alone");
                continue;
            }

            var deployed = app.Settings.Keys.Concat(app.FromVault.Keys).ToHashSet(StringComparer.Ordinal);
            found.AddRange(local.Keys.Where(setting => !deployed.Contains(setting) && !IsOnlyLocal(setting)).Select(setting => $"{name}: {setting} is set by AppHost alone"));
            found.AddRange(deployed.Where(setting => !local.ContainsKey(setting) && !OnlyCloud.ContainsKey(setting)).Select(setting => $"{name}: {setting} is set by the templates alone"));

            // What AppHost gives as a plain word means the same wherever it runs.
            found.AddRange(app.Settings
                .Where(entry => !OwnWords.ContainsKey(entry.Key) && local.TryGetValue(entry.Key, out var value) && !value.Contains('{', StringComparison.Ordinal) && value != entry.Value)
                .Select(entry => $"{name}: {entry.Key} is '{entry.Value}', and '{local[entry.Key]}' in AppHost"));
        }

        return found;
    }

    // Demo users are for a laptop; Aspire's second spelling of a reference (CATALOG_HTTPS) is read by nobody; how telemetry leaves
    // is the environment's to say, whose agent injects its own OTEL_ variables.
    private static bool IsOnlyLocal(string setting)
        => OnlyLocal.ContainsKey(setting)
        || setting.StartsWith("Seed__", StringComparison.Ordinal)
        || setting.StartsWith("OTEL_", StringComparison.Ordinal)
        || (setting.EndsWith("_HTTPS", StringComparison.Ordinal) && !setting.Any(char.IsAsciiLetterLower));
}
