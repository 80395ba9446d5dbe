using SecureShop.Identity.Tests.Support;
using SecureShop.Testing;

namespace SecureShop.Tokens.Tests;

/// <summary>The keys that sign tokens, as those see them who check: RFC 7517, and OpenID Connect Core 10.1.1.</summary>
[Trait("Practice", "P02")]
public sealed class SigningKeyTests(Replicas replicas)
{
    [Fact]
    public async Task Core_10_1_1_a_key_is_announced_used_kept_and_dropped()
    {
        var clock = new TestClock();
        var database = await replicas.CreateDatabaseAsync();
        var (first, published) = await LookAsync(database, clock);
        Assert.Equal([first], published);

        // Its successor is published days before it signs.
        clock.Advance(TimeSpan.FromDays(30.5));
        var (still, announced) = await LookAsync(database, clock);
        Assert.Equal(first, still);
        var second = Assert.Single(announced, key => key != first);

        clock.Advance(TimeSpan.FromDays(2));
        var (next, overlapping) = await LookAsync(database, clock);
        Assert.Equal(second, next);
        Assert.Contains(first, overlapping);

        clock.Advance(TimeSpan.FromDays(2));
        var (_, left) = await LookAsync(database, clock);
        Assert.Equal([second], left);
    }

    [Fact]
    public async Task Core_10_1_replicas_publish_the_keys_of_each_other()
    {
        var (signer, published) = await LookAsync(replicas.One);
        var (other, known) = await LookAsync(replicas.Two);
        Assert.Equal((signer, published.Count), (other, known.Count));
        Assert.Equal(published, known);
    }

    private async Task<(string Signer, IReadOnlyList<string> Published)> LookAsync(string database, TestClock clock)
    {
        await using var host = await replicas.StartOnAsync(database, clock);
        return await LookAsync(host);
    }

    private static async Task<(string Signer, IReadOnlyList<string> Published)> LookAsync(IdentityHost host)
    {
        using var client = OAuthClient.Demo(host);
        var tokens = (await client.TokenAsync(("grant_type", "client_credentials"))).IsGranted();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/.well-known/openid-configuration/jwks");
        var keys = (await client.SendAsync(request)).IsGranted().GetProperty("keys").EnumerateArray();
        return (tokens.Header().Text("kid"), [.. keys.Select(key => key.Text("kid"))]);
    }
}
