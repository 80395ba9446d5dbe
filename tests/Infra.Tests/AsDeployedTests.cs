using System.Collections.Concurrent;
using System.Net;
using SecureShop.Infra.Tests.Deployed;
using SecureShop.SystemTests.Support;
using SecureShop.Testing;

namespace SecureShop.Infra.Tests;

/// <summary>What the templates set is what the services need: they run with it, and do not start with less.</summary>
public sealed class AsDeployedTests : IClassFixture<AsDeployed>
{
    /// <summary>Without these one starts.</summary>
    private static readonly Dictionary<string, string> Optional = new(StringComparer.Ordinal)
    {
        ["OTEL_SERVICE_NAME"] = "telemetry would bear the program's name",
        ["ASPNETCORE_URLS"] = "it would listen where no probe asks, and never get traffic",
        ["Proxies__Networks"] = "the ingress would not be believed, and all that it sends be refused as plain http",
        ["Limits__Replicas"] = "the gateway would take its share for that of four, while Redis is away",
        ["Clients__GatewayKey"] = "nobody could exchange API keys",
        ["Audit__Keys__identity"] = "verify-audit alone needs it, and says so",
        ["Audit__Keys__catalog"] = "as that of Identity",
        ["Audit__Keys__orders"] = "as that of Identity",
        ["Clients__StorefrontKey"] = "there would be no such client",
        ["Clients__PartnerKey"] = "there would be no such client",
        ["Proxies__Hops"] = "one, which the services would take the gateway for their caller by: Gateway_and_services_know_who_calls",
    };

    /// <summary>Without these none becomes ready, but it does not say their names.</summary>
    private static readonly Dictionary<string, string> Unnamed = new(StringComparer.Ordinal)
    {
        ["PGPASSWORD"] = "is read by Npgsql, for which the database does not answer",
        ["Gateway__HealthPort"] = "probes are refused as is all else in the clear",
    };

    private readonly AsDeployed _system;

    public AsDeployedTests(AsDeployed system)
    {
        Assert.SkipUnless(Ingress.IsPossible, Ingress.Needs);
        _system = system;
    }

    [Fact]
    public async Task A_guest_sees_products_and_the_issuer_is_the_templates()
    {
        using var guest = _system.Shopper("127.20.0.1");
        using var found = await guest.GetAsync("/api/catalog/products?limit=3");
        Assert.Equal(3, (await found.JsonAsync()).GetProperty("items").GetArrayLength());

        using var browser = _system.Browse("127.20.0.1");
        var discovery = (await browser.GetAsync("/.well-known/openid-configuration")).Json();
        Assert.Equal(_system.App("identity").Settings["Identity__Issuer"], discovery.GetProperty("issuer").GetString());
    }

    [Fact]
    [Trait("Practice", "P01")]
    [Trait("Practice", "P16")]
    public async Task A_stranger_registers_signs_in_and_orders_and_nobody_else_sees_the_order()
    {
        using var ada = await CustomerAsync("127.20.0.2");
        using var found = await ada.GetAsync("/api/catalog/products?inStock=true&limit=1");
        var product = (await found.JsonAsync()).GetProperty("items")[0].GetProperty("id").GetGuid();
        using var placed = await ada.OrderAsync(product);
        var order = await placed.JsonAsync(HttpStatusCode.Created);
        Assert.Equal(_system.Shop, placed.Headers.Location!.Host);
        using var read = await ada.GetAsync(placed.Headers.Location.PathAndQuery);
        Assert.Equal(order.GetRawText(), (await read.JsonAsync()).GetRawText());

        using var bob = await CustomerAsync("127.20.0.3");
        using var own = await bob.GetAsync("/api/orders");
        await own.JsonAsync();
        using var theirs = await bob.GetAsync(placed.Headers.Location.PathAndQuery);
        await theirs.ProblemAsync(HttpStatusCode.NotFound);
        await _system.Running("orders").SaysAsync("[1003]", "127.20.0.3)");
    }

    [Fact]
    [Trait("Practice", "P20")]
    public async Task In_the_clear_a_page_is_sent_on_and_a_call_refused()
    {
        using var plain = new Shopper(_system.Client(_system.Shop, "127.20.0.4", plain: true), token: null);
        using var page = await plain.SendAsync(HttpMethod.Get, "/", json: null, ("Accept", "text/html"));
        Assert.Equal((HttpStatusCode.PermanentRedirect, $"https://{_system.Shop}/"), (page.StatusCode, page.Headers.Location?.OriginalString));
        using var call = await plain.GetAsync("/api/catalog/products");
        await call.ProblemAsync(HttpStatusCode.Forbidden);
    }

    [Fact]
    [Trait("Practice", "P15")]
    public async Task No_other_name_is_answered_and_health_is_not_for_the_world()
    {
        foreach (var name in AsDeployed.Strangers)
        {
            using var stranger = new Shopper(_system.Client(name, "127.20.0.5"), token: null);
            using var answer = await stranger.GetAsync("/api/catalog/products");
            await answer.ProblemAsync(HttpStatusCode.MisdirectedRequest);
        }

        foreach (var name in (string[])[_system.Shop, _system.Identity])
        {
            using var guest = new Shopper(_system.Client(name, "127.20.0.5"), token: null);
            using var answer = await guest.GetAsync("/health/ready");
            await answer.ProblemAsync(HttpStatusCode.NotFound);
        }
    }

    [Fact]
    [Trait("Practice", "P28")]
    public async Task Gateway_and_services_know_who_calls()
    {
        using var guesser = _system.Browse("127.20.0.6");
        Assert.Equal(HttpStatusCode.OK, (await guesser.LoginAsync("nobody@people.example", "not the password at all")).Status);
        await _system.Running("identity").SaysAsync("[4003]", "127.20.0.6)");

        using var shopper = _system.Shopper("127.20.0.7", "no token at all");
        using var refused = await shopper.GetAsync("/api/orders");
        await refused.ProblemAsync(HttpStatusCode.Unauthorized);
        await _system.Running("gateway").SaysAsync("[1002]", "127.20.0.7)");

        using var guest = _system.Shopper("127.20.0.8");
        using var unread = await guest.GetAsync("/api/catalog/products?limit=many");
        await unread.ProblemAsync(HttpStatusCode.BadRequest);
        await _system.Running("catalog").SaysAsync("[1004]", "127.20.0.8)");
    }

    [Theory]
    [InlineData("database")]
    [InlineData("identity")]
    [InlineData("catalog")]
    [InlineData("orders")]
    [InlineData("gateway")]
    public async Task Without_one_of_its_settings_none_becomes_ready_and_each_says_which(string name)
    {
        var app = _system.App(name);
        var required = app.Settings.Keys.Concat(app.FromVault.Keys).Where(setting => !Optional.ContainsKey(setting) && !Optional.ContainsKey($"{name}: {setting}")).ToList();
        Assert.True(required.Count > 4);

        var faults = new ConcurrentQueue<string>();
        await Parallel.ForEachAsync(required, new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = TestContext.Current.CancellationToken }, async (setting, _) =>
        {
            var (isReady, said) = await _system.TryWithoutAsync(name, setting);
            if (isReady)
                faults.Enqueue($"{setting}: is not missed");
            else if (!Unnamed.ContainsKey(setting) && !said.Any(line => line.Replace(":", "__", StringComparison.Ordinal).Contains(setting, StringComparison.Ordinal)))
                faults.Enqueue($"{setting}: is missed, and nobody told: {string.Join(Environment.NewLine, said.TakeLast(5))}");
        });

        Assert.Empty(faults);
    }

    [Fact]
    public void Exceptions_are_for_settings_that_are_there()
    {
        var settings = Azd.Services.Select(_system.App).SelectMany(app => app.Settings.Keys.Concat(app.FromVault.Keys).SelectMany(setting => (string[])[setting, $"{app.Name}: {setting}"]));
        Assert.Empty(Optional.Keys.Concat(Unnamed.Keys).Except(settings, StringComparer.Ordinal));
    }

    private async Task<Shopper> CustomerAsync(string from)
    {
        using var browser = _system.Browse(from);
        return _system.Shopper(from, (await browser.TokensAsync(await browser.NewPersonAsync())).GetProperty("access_token").GetString());
    }
}
