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
        ["password", "implicit", "code and implicit", "device", "reuse", "plain", "without proof key", "without secret", "public credentials", "consent", "http", "script", "wildcard"];

    [Theory]
    [MemberData(nameof(BadClients))]
    [Trait("Practice", "P01")]
    public async Task An_unsafe_client_stops_the_start(string kind)
    {
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => Replica.StartAsync(clients: [Spoil(kind)]));

        Assert.Contains("'bad'", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Other_algorithms_stop_the_start() =>
        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            Replica.StartAsync(configure: options => options.KeyManagement.SigningAlgorithms = [new SigningAlgorithmOptions("RS256")]));

    private static Client Spoil(string kind)
    {
        var client = new Client { ClientId = "bad", ClientSecrets = { new Secret("x".Sha256()) }, AllowedGrantTypes = GrantTypes.Code };
        switch (kind)
        {
            case "password": client.AllowedGrantTypes = ["password"]; break;
            case "implicit": client.AllowedGrantTypes = ["implicit"]; break;
            case "code and implicit": client.AllowedGrantTypes = ["authorization_code", "implicit"]; break;
            case "device": client.AllowedGrantTypes = ["urn:ietf:params:oauth:grant-type:device_code"]; break;
            case "plain": client.AllowPlainTextPkce = true; break;
            case "without proof key": client.RequirePkce = false; break;
            case "without secret": client.ClientSecrets.Clear(); break;
            case "public credentials": (client.RequireClientSecret, client.AllowedGrantTypes) = (false, GrantTypes.ClientCredentials); break;
            case "reuse": client.AllowOfflineAccess = true; break;
            case "consent": client.RequireConsent = true; break;
            case "http": client.RedirectUris.Add("http://app.test/callback"); break;
            case "script": client.RedirectUris.Add("javascript:alert(1)"); break;
            default: client.RedirectUris.Add("https://*.app.test/callback"); break;
        }

        return client;
    }
}
