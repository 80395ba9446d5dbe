using SecureShop.StandIns.IdentityServer;
using SecureShop.StandIns.IdentityServer.Configuration;
using SecureShop.StandIns.IdentityServer.Models;
using SecureShop.StandIns.IdentityServer.Validation;

namespace SecureShop.IdentityServer.Tests;

[Trait("Practice", "P35")]
public sealed class StartupTests
{
    [Theory]
    [InlineData("Production")]
    [InlineData("Staging")]
    public async Task It_does_not_start_outside_development_and_says_why(string environment)
    {
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => Replica.StartAsync(environment: environment));

        Assert.Contains("Duende", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(environment, refusal.Message, StringComparison.Ordinal);
    }

    public static TheoryData<string> BadClients =>
        ["password", "implicit", "device", "plain", "without proof key", "without secret", "public credentials", "public reuse", "consent", "http", "script", "wildcard"];

    [Theory]
    [MemberData(nameof(BadClients))]
    [Trait("Practice", "P01")]
    public async Task An_unsafe_client_stops_the_start(string kind)
    {
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => Replica.StartAsync(clients: [Spoil(kind)]));

        Assert.Contains("'bad'", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_client_cannot_have_two_browser_grants() =>
        Assert.Throws<InvalidOperationException>(() => new Client { AllowedGrantTypes = [GrantType.AuthorizationCode, GrantType.Implicit] });

    [Fact]
    public async Task Other_algorithms_stop_the_start() =>
        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            Replica.StartAsync(configure: options => options.KeyManagement.SigningAlgorithms = [new SigningAlgorithmOptions("RS256")]));

    [Fact]
    [Trait("Practice", "P05")]
    public async Task A_grant_of_the_hosts_own_is_served_to_clients_that_may_use_it()
    {
        var client = new Client
        {
            ClientId = "gateway",
            ClientSecrets = { new Secret(TestShop.WebSecret.Sha256()) },
            AllowedGrantTypes = [ApiKeys.Name],
            AllowedScopes = { "catalog.read" },
        };
        await using var server = await Replica.StartAsync(clients: [client, .. TestShop.Clients()], build: builder => builder.AddExtensionGrantValidator<ApiKeys>());
        using var browser = server.OpenBrowser();

        using var good = await AskAsync(browser, "gateway", TestShop.WebSecret, "good");
        using var bad = await AskAsync(browser, "gateway", TestShop.WebSecret, "bad");
        using var other = await AskAsync(browser, "demo", TestShop.DemoSecret, "good");

        Assert.Equal("alice", Responses.Payload((await good.JsonAsync()).Text("access_token")).Text("sub"));
        Assert.Equal("invalid_grant", await bad.ErrorAsync());
        Assert.Equal("unsupported_grant_type", await other.ErrorAsync());
    }

    private static Task<HttpResponseMessage> AskAsync(Browser browser, string client, string secret, string key) =>
        browser.TokenAsync(("grant_type", ApiKeys.Name), ("client_id", client), ("client_secret", secret), ("key", key), ("scope", "catalog.read"));

    private static Client Spoil(string kind)
    {
        var client = new Client { ClientId = "bad", ClientSecrets = { new Secret("x".Sha256()) }, AllowedGrantTypes = GrantTypes.Code };
        switch (kind)
        {
            case "password": client.AllowedGrantTypes = GrantTypes.ResourceOwnerPassword; break;
            case "implicit": client.AllowedGrantTypes = GrantTypes.Implicit; break;
            case "device": client.AllowedGrantTypes = GrantTypes.DeviceFlow; break;
            case "plain": client.AllowPlainTextPkce = true; break;
            case "without proof key": client.RequirePkce = false; break;
            case "without secret": client.ClientSecrets.Clear(); break;
            case "public credentials": (client.RequireClientSecret, client.AllowedGrantTypes) = (false, GrantTypes.ClientCredentials); break;
            case "public reuse": (client.RequireClientSecret, client.AllowOfflineAccess) = (false, true); break;
            case "consent": client.RequireConsent = true; break;
            case "http": client.RedirectUris.Add("http://app.test/callback"); break;
            case "script": client.RedirectUris.Add("javascript:alert(1)"); break;
            default: client.RedirectUris.Add("https://*.app.test/callback"); break;
        }

        return client;
    }

    private sealed class ApiKeys : IExtensionGrantValidator
    {
        public const string Name = "urn:shop:api-key";

        public string GrantType => Name;

        public Task ValidateAsync(ExtensionGrantValidationContext context)
        {
            if (context.Request.Raw["key"] == "good")
                context.Result = new GrantValidationResult("alice", Name);
            return Task.CompletedTask;
        }
    }
}
