using System.Net;
using SecureShop.Orders.Tests.Support;
using SecureShop.ServiceDefaults.Access;

namespace SecureShop.Orders.Tests;

/// <summary>Lists: bounded pages, each caller's own rows, filters for staff.</summary>
public sealed class ListingTests(OrdersHost host) : IClassFixture<OrdersHost>
{
    [Fact]
    [Trait("Practice", "P16")]
    public async Task Pages_lead_through_all_of_ones_own_orders_and_no_others()
    {
        var product = host.Catalog.Add();
        var (alice, bob) = (host.Customer(), host.Customer());
        var mine = new List<Guid>();
        for (var i = 0; i < 5; i++)
        {
            mine.Add(await alice.PlacedAsync(product));
            await bob.PlacedAsync(product);
        }

        var seen = new List<Guid>();
        string? next = null;
        do
        {
            using var answer = await alice.GetAsync($"/?limit=2{(next is null ? "" : $"&after={next}")}");
            var page = await answer.JsonAsync();
            var items = page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetGuid()).ToList();
            Assert.InRange(items.Count, 1, 2);
            seen.AddRange(items);
            next = page.GetProperty("next").GetString();
        }
        while (next is not null);

        Assert.Equal(mine.OrderDescending(), seen.OrderDescending());
        Assert.Equal(5, seen.Distinct().Count());
    }

    [Fact]
    [Trait("Practice", "P16")]
    public async Task A_cursor_of_somebody_else_opens_nothing()
    {
        var product = host.Catalog.Add();
        var alice = host.Customer();
        await alice.PlacedAsync(product);
        await alice.PlacedAsync(product);
        using var hers = await alice.GetAsync("/?limit=1");
        var cursor = (await hers.JsonAsync()).GetProperty("next").GetString();

        using var answer = await host.Customer().GetAsync($"/?after={cursor}");

        Assert.Empty((await answer.JsonAsync()).GetProperty("items").EnumerateArray());
    }

    [Fact]
    [Trait("Practice", "P10")]
    public async Task Staff_list_everybodys_orders_by_customer_and_state()
    {
        var product = host.Catalog.Add();
        var (alice, bob) = (host.Customer(), host.Customer());
        var kept = await alice.PlacedAsync(product);
        var cancelled = await alice.PlacedAsync(product);
        await bob.PlacedAsync(product);
        using var cancel = await alice.CancelAsync(cancelled);
        var support = host.As(Role.Support);

        using var all = await support.GetAsync("/all?limit=100");
        using var hers = await support.GetAsync($"/all?customer={alice.Subject}");
        using var open = await support.GetAsync($"/all?customer={alice.Subject}&state=confirmed");

        var customers = (await all.JsonAsync()).GetProperty("items").EnumerateArray()
            .Select(item => item.GetProperty("customerId").GetString()).ToList();
        Assert.Contains(alice.Subject, customers);
        Assert.Contains(bob.Subject, customers);
        Assert.Equal(2, (await hers.JsonAsync()).GetProperty("items").GetArrayLength());
        Assert.Equal([kept], (await open.JsonAsync()).GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetGuid()));
    }

    [Theory]
    [Trait("Practice", "P23")]
    [InlineData("limit=0")]
    [InlineData("limit=101")]
    [InlineData("limit=-1")]
    [InlineData("limit=99999999999999999999")]
    [InlineData("limit=x")]
    [InlineData("limit=")]
    [InlineData("limit=+5")]
    [InlineData("state=")]
    [InlineData("state=0")]
    [InlineData("customer=")]
    [InlineData("after=x")]
    [InlineData("after=%00")]
    [InlineData("after=WyIxIl0")]
    [InlineData("after=W10")]
    [InlineData("state=CONFIRMED")]
    [InlineData("state=confirmed'--")]
    [InlineData("customer=%27%20OR%201=1--")]
    [InlineData("customer=%00")]
    public async Task A_bad_parameter_is_refused_by_name(string query)
    {
        using var answer = await host.As(Role.Admin).GetAsync($"/all?{query}");

        Assert.Contains($"\"errors\":{{\"{query[..query.IndexOf('=', StringComparison.Ordinal)]}\":[", await answer.ProblemAsync(HttpStatusCode.BadRequest), StringComparison.Ordinal);
    }

    [Theory]
    [Trait("Practice", "P23")]
    [InlineData("GET", "/?limits=5", "limits")]
    [InlineData("GET", "/?Limit=5", "limit")]
    [InlineData("GET", "/?limit=5&limit=6", "limit")]
    [InlineData("GET", "/?limit=5&LIMIT=6", "limit")]
    [InlineData("GET", "/?state=confirmed", "state")]
    [InlineData("GET", "/?customer=somebody", "customer")]
    [InlineData("GET", "/all?states=confirmed", "states")]
    [InlineData("GET", "/all?state=confirmed&state=pending", "state")]
    [InlineData("GET", "/0198f000-0000-7000-8000-000000000001?id=0198f000-0000-7000-8000-000000000002", "id")]
    [InlineData("HEAD", "/?limits=5", null)]
    [InlineData("POST", "/?dryRun=true", "dryRun")]
    [InlineData("POST", "/0198f000-0000-7000-8000-000000000001/cancel?reason=x", "reason")]
    public async Task A_parameter_that_an_endpoint_does_not_have_is_refused_by_name(string method, string path, string? name)
    {
        var caller = host.As(path.StartsWith("/all", StringComparison.Ordinal) ? Role.Admin : Role.Customer);
        using var answer = await caller.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));

        if (name is null)
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        else
            Assert.Contains($"\"errors\":{{\"{name}\":[", await answer.ProblemAsync(HttpStatusCode.BadRequest), StringComparison.Ordinal);
    }

    [Theory]
    [Trait("Practice", "P23")]
    [InlineData("limit=1")]
    [InlineData("limit=100")]
    [InlineData("state=confirmed")]
    public async Task Good_parameters_are_taken(string query)
    {
        using var answer = await host.As(Role.Admin).GetAsync($"/all?{query}");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }
}
