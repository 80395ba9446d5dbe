using System.Net;
using Microsoft.Extensions.Options;
using SecureShop.Gateway.Callers;
using SecureShop.Gateway.Events;

namespace SecureShop.Gateway.Tests;

/// <summary>Who is denied is refused everywhere, and the lists change while the gateway runs.</summary>
public sealed class CallerListTests : IDisposable
{
    private readonly string file = Path.GetTempFileName();

    public void Dispose() => File.Delete(file);

    [Theory]
    [InlineData("203.0.113.7", false)]
    [InlineData("203.0.114.7", true)]
    [InlineData("::ffff:203.0.113.7", false)]
    [InlineData("2001:db8:aaaa:1::5", false)]
    [InlineData("2001:db9::5", true)]
    [InlineData("198.51.100.9", false)]
    [InlineData("198.51.100.8", true)]
    [InlineData("2001:db8:bbbb::1", false)]
    [InlineData("::cb00:7107", true)]
    [Trait("Practice", "P30")]
    public void A_list_of_networks_denies_exactly_those(string address, bool admitted)
    {
        var lists = CallerLists.Parse("""{ "deny": ["203.0.113.0/24", "2001:db8::/32", "198.51.100.9"] }""");
        Assert.Equal(admitted, lists.Admit(IPAddress.Parse(address)));
    }

    [Theory]
    [InlineData("::ffff:203.0.113.7", "203.0.113.7", "203.0.113.8")]
    [InlineData("::ffff:203.0.113.0/120", "203.0.113.7", "203.0.114.7")]
    [Trait("Practice", "P30")]
    public void An_entry_as_dual_stack_logs_write_IPv4_means_that_address(string entry, string denied, string admitted)
    {
        var lists = CallerLists.Parse($$"""{ "deny": ["{{entry}}"] }""");
        Assert.False(lists.Admit(IPAddress.Parse(denied)));
        Assert.False(lists.Admit(IPAddress.Parse("::ffff:" + denied)));
        Assert.True(lists.Admit(IPAddress.Parse(admitted)));
    }

    [Theory]
    [InlineData("10.1.2.3", true)]
    [InlineData("10.9.2.3", false)]
    [InlineData("11.0.0.1", false)]
    [InlineData("fd00::1", true)]
    [InlineData("fe00::1", false)]
    [InlineData(null, false)]
    [Trait("Practice", "P30")]
    public void Where_some_are_allowed_nobody_else_is_and_who_is_denied_is_not(string? address, bool admitted)
    {
        var lists = CallerLists.Parse("""{ "allow": ["10.0.0.0/8", "fd00::/8"], "deny": ["10.9.0.0/16"] }""");
        Assert.Equal(admitted, lists.Admit(address is null ? null : IPAddress.Parse(address)));
        Assert.True(CallerLists.Everybody.Admit(address is null ? null : IPAddress.Parse(address)));
    }

    [Fact]
    [Trait("Practice", "P30")]
    public async Task Who_is_denied_is_refused_everywhere_and_a_change_needs_no_restart()
    {
        Write("""{ "deny": ["203.0.113.0/24", "2001:db8:1::/48"] }""");
        await using var host = await GatewayHost.StartAsync(settings: [("Callers:File", file), ("Proxies:Networks", "127.0.0.0/8")]);
        foreach (var address in (string[])["203.0.113.7", "2001:db8:1:2::3"])
        {
            foreach (var path in (string[])["/", "/api/catalog/products", "/nothing", "/health/ready"])
            {
                host.Events.Clear();
                using var answer = await FromAsync(host, address, path);
                await ProblemAssert.IsProblemAsync(HttpStatusCode.Forbidden, answer);
                Assert.True(answer.Headers.Contains("X-Content-Type-Options"));
                Assert.False(answer.Headers.Contains("RateLimit"));
                var only = Assert.Single(host.Events.All);
                Assert.Equal((2003, GatewayRefusal.Network, address), (only.Id, only["Reason"], only["Address"]));
            }
        }

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(host, "203.0.114.7"));
        using var health = await host.Health.GetAsync("/health/ready", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, health.StatusCode);

        Write("""{ "deny": ["203.0.114.0/24"] }""");
        await UntilAsync(host, 2111);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(host, "203.0.113.7"));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(host, "203.0.114.7"));
    }

    [Theory]
    [InlineData("""{ "deny": ["203.0.113.0/24", "203.0.114.0/33"] }""")]
    [InlineData("""{ "denied": [] }""")]
    [InlineData("{")]
    [InlineData(null)]
    [Trait("Practice", "P30")]
    [Trait("Practice", "P38")]
    public async Task Lists_that_are_wrong_or_gone_change_nothing_and_leave_an_error(string? wrong)
    {
        Write("""{ "deny": ["203.0.113.0/24"] }""");
        await using var host = await GatewayHost.StartAsync(settings: [("Callers:File", file), ("Proxies:Networks", "127.0.0.0/8")]);
        if (wrong is null)
            File.Delete(file);
        else
            Write(wrong);
        await UntilAsync(host, 2112);
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(host, "203.0.113.7"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(host, "203.0.114.7"));
    }

    [Fact]
    [Trait("Practice", "P30")]
    public async Task Wrong_lists_stop_the_start()
    {
        Write("""{ "deny": ["everybody"] }""");
        var failure = await Assert.ThrowsAsync<OptionsValidationException>(() => GatewayHost.StartAsync(settings: ("Callers:File", file)));
        Assert.Contains("Set Callers__File", failure.Message, StringComparison.Ordinal);
        Assert.Contains("'everybody' is no network", failure.Message, StringComparison.Ordinal);
    }

    // As a whole, as whoever changes such a file should.
    private void Write(string text)
    {
        File.WriteAllText(file + ".new", text);
        File.Move(file + ".new", file, overwrite: true);
    }

    private static Task<HttpResponseMessage> FromAsync(GatewayHost host, string address, string path)
        => host.SendAsync(HttpMethod.Get, path, headers: [("X-Forwarded-For", address), ("X-Forwarded-Proto", "https")]);

    private static async Task<HttpStatusCode> StatusAsync(GatewayHost host, string address)
    {
        using var answer = await FromAsync(host, address, "/api/catalog/products");
        return answer.StatusCode;
    }

    private static async Task UntilAsync(GatewayHost host, int entry)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (host.Lists.All.All(one => one.Id != entry))
        {
            Assert.InRange(TimeProvider.System.GetElapsedTime(began), TimeSpan.Zero, TimeSpan.FromSeconds(20));
            await Task.Delay(TimeSpan.FromMilliseconds(50), TestContext.Current.CancellationToken);
        }
    }
}
