using System.Net;
using Microsoft.AspNetCore.Http;
using SecureShop.Orders.Tests.Support;
using SecureShop.Testing;

namespace SecureShop.Orders.Tests;

/// <summary>A catalog that is away, slow, or leads elsewhere. Each test has a service of its own, for the circuit breaker remembers.</summary>
[Trait("Practice", "P39")]
public sealed class HostileCatalogTests(PostgresFixture postgres)
{
    [Fact]
    [Trait("Practice", "P38")]
    public async Task A_catalog_that_is_away_costs_a_retry_and_no_order()
    {
        await using var host = await StartAsync();
        var product = host.Catalog.Add();
        var customer = host.Customer();
        host.Catalog.Instead = _ => Task.FromResult<IResult?>(Results.StatusCode(503));

        // However slow the machine is, the second call comes too early.
        host.Clock.Stop();
        using var answer = await customer.PlaceAsync(Body.Of((product, 1)), "key-0001");

        await answer.ProblemAsync(HttpStatusCode.ServiceUnavailable);
        var delay = Assert.NotNull(answer.Headers.RetryAfter?.Delta);
        using var early = await customer.PlaceAsync(Body.Of((product, 1)), "key-0001");
        await early.ProblemAsync(HttpStatusCode.Conflict);
        host.Catalog.Instead = null;
        host.Clock.Advance(delay);
        using var again = await customer.PlaceAsync(Body.Of((product, 1)), "key-0001");
        Assert.Equal(HttpStatusCode.Created, again.StatusCode);
        Assert.Equal("confirmed", await OnlyStateAsync(customer));
        Assert.Equal(1, host.Catalog.Made);
    }

    [Fact]
    [Trait("Practice", "P38")]
    public async Task An_answer_that_is_lost_on_the_way_is_found_again()
    {
        await using var host = await StartAsync();
        var product = host.Catalog.Add();
        var customer = host.Customer();

        // The reservation is made, and then the answer hangs: the worst moment to lose touch.
        host.Catalog.Hang = true;
        using var answer = await customer.PlaceAsync(Body.Of((product, 1)));

        await answer.ProblemAsync(HttpStatusCode.ServiceUnavailable);
        Assert.Equal(1, host.Catalog.Made);
        host.Catalog.Hang = false;
        host.Clock.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(1, await host.Outbox.RunOnceAsync(TestContext.Current.CancellationToken));
        Assert.Equal("confirmed", await OnlyStateAsync(customer));
        Assert.Equal(1, host.Catalog.Made);
    }

    [Theory]
    [InlineData("http://169.254.169.254/latest/meta-data/")]
    [InlineData("https://localhost:1/")]
    public async Task A_redirect_is_not_followed(string target)
    {
        await using var host = await StartAsync();
        host.Catalog.Instead = _ => Task.FromResult<IResult?>(Results.Redirect(target, preserveMethod: true));

        using var answer = await host.Customer().PlaceAsync(Body.Of((host.Catalog.Add(), 1)));

        await answer.ProblemAsync(HttpStatusCode.ServiceUnavailable);
        Assert.Equal(0, host.Catalog.Made);
    }

    [Fact]
    public async Task An_endless_answer_is_cut_off()
    {
        await using var host = await StartAsync();
        host.Catalog.Instead = _ => Task.FromResult<IResult?>(Results.Text(new string('x', 3_000_000)));

        using var answer = await host.Customer().PlaceAsync(Body.Of((host.Catalog.Add(), 1)));

        Assert.True(answer.StatusCode is HttpStatusCode.ServiceUnavailable or HttpStatusCode.BadGateway, answer.StatusCode.ToString());
    }

    private static async Task<string?> OnlyStateAsync(Caller customer)
    {
        using var mine = await customer.GetAsync("/");
        return Assert.Single((await mine.JsonAsync()).GetProperty("items").EnumerateArray()).GetProperty("state").GetString();
    }

    private async Task<OrdersHost> StartAsync()
    {
        var host = new OrdersHost(postgres);
        await host.InitializeAsync();
        return host;
    }
}
