using Microsoft.AspNetCore.DataProtection;

namespace SecureShop.IdentityServer.Tests;

[Trait("Practice", "P02")]
public sealed class KeyTests
{
    [Fact]
    public async Task Keys_rotate_with_overlap()
    {
        await using var server = await Replica.StartAsync(configure: Days(rotation: 30, propagation: 10, retention: 5));
        using var browser = server.OpenBrowser();

        var (first, published) = await LookAsync(browser);
        Assert.Equal([first], published);

        // Day 21: the successor is announced, the old key signs on.
        server.Shared.Clock.Advance(TimeSpan.FromDays(21));
        var (still, announced) = await LookAsync(browser);
        Assert.Equal(first, still);
        Assert.Equal(2, announced.Count);
        var successor = announced.Single(id => id != first);

        // Day 31: the successor signs, the old key still verifies.
        server.Shared.Clock.Advance(TimeSpan.FromDays(10.5));
        var (second, overlapping) = await LookAsync(browser);
        Assert.Equal(successor, second);
        Assert.Contains(first, overlapping);

        // Day 36: the old key is gone, here and in the store.
        server.Shared.Clock.Advance(TimeSpan.FromDays(5));
        var (_, left) = await LookAsync(browser);
        Assert.DoesNotContain(first, left);
        Assert.DoesNotContain(first, server.Shared.Keys.Rows.Keys);
    }

    [Fact]
    public async Task Replicas_that_start_at_once_agree_on_their_keys()
    {
        var shared = new Shared();
        var replicas = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Replica.StartAsync(shared)));
        var browsers = replicas.Select(replica => replica.OpenBrowser()).ToList();

        var signers = await Task.WhenAll(browsers.Select(SignerAsync));

        var published = await Task.WhenAll(browsers.Select(PublishedAsync));
        Assert.Single(signers.Distinct(StringComparer.Ordinal));
        Assert.All(published, keys => Assert.Contains(signers[0], keys));
        Assert.Contains(signers[0], shared.Keys.Rows.Keys);
        foreach (var replica in replicas)
            await replica.DisposeAsync();
    }

    [Fact]
    public async Task A_key_whose_maker_died_half_way_is_given_up()
    {
        var shared = new Shared();
        await using (var server = await Replica.StartAsync(shared))
        {
            using var browser = server.OpenBrowser();
            await SignerAsync(browser);
        }

        var orphan = shared.Keys.Rows.Values.Single(row => row.Algorithm == "ES256").Id;
        await shared.Keys.DeleteKeyAsync(orphan + ".stands");
        shared.Clock.Advance(TimeSpan.FromSeconds(21));
        await using var again = await Replica.StartAsync(shared);
        using var other = again.OpenBrowser();

        Assert.NotEqual(orphan, await SignerAsync(other));
        Assert.DoesNotContain(orphan, shared.Keys.Rows.Keys);
    }

    [Fact]
    [Trait("Practice", "P21")]
    public async Task Keys_are_sealed_in_the_store_and_another_environments_keys_open_nothing()
    {
        var shared = new Shared();
        await using (var server = await Replica.StartAsync(shared))
        {
            using var browser = server.OpenBrowser();
            await SignerAsync(browser);
        }

        var stored = shared.Keys.Rows.Values.Single(row => row.Algorithm == "ES256");
        shared.Protection = new EphemeralDataProtectionProvider();
        await using var elsewhere = await Replica.StartAsync(shared);
        using var other = elsewhere.OpenBrowser();

        Assert.True(stored.DataProtected);
        Assert.False(Convert.TryFromBase64String(stored.Data, new byte[4096], out _), "The key lies in the store as it is.");
        Assert.NotEqual(stored.Id, await SignerAsync(other));
    }

    [Fact]
    public async Task Signing_reads_the_store_once()
    {
        await using var server = await Replica.StartAsync();
        using var browser = server.OpenBrowser();
        await SignerAsync(browser);
        var loads = server.Shared.Keys.Loads;

        for (var i = 0; i < 5; i++)
            await SignerAsync(browser);
        await PublishedAsync(browser);

        Assert.Equal(loads, server.Shared.Keys.Loads);
    }

    private static Action<IdentityServerOptions> Days(int rotation, int propagation, int retention) => options =>
    {
        options.KeyManagement.RotationInterval = TimeSpan.FromDays(rotation);
        options.KeyManagement.PropagationTime = TimeSpan.FromDays(propagation);
        options.KeyManagement.RetentionDuration = TimeSpan.FromDays(retention);
    };

    private static async Task<(string Signer, List<string> Published)> LookAsync(Browser browser)
    {
        return (await SignerAsync(browser), await PublishedAsync(browser));
    }

    private static async Task<string> SignerAsync(Browser browser)
    {
        using var response = await browser.TokenAsync(
            ("grant_type", "client_credentials"), ("client_id", "demo"), ("client_secret", TestShop.DemoSecret), ("scope", "catalog.read"));
        return Responses.Header((await response.JsonAsync()).Text("access_token")).Text("kid");
    }

    private static async Task<List<string>> PublishedAsync(Browser browser)
    {
        var document = await browser.GetJsonAsync("/.well-known/openid-configuration/jwks");
        return document.GetProperty("keys").EnumerateArray().Select(key => key.Text("kid")).ToList();
    }
}
