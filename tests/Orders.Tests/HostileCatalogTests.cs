using System.Net;
using Microsoft.AspNetCore.Http;
using SecureShop.Orders.Tests.Support;
using SecureShop.Testing;

namespace SecureShop.Orders.Tests;

/// <summary>A catalog that is away, slow or lying. Each test has a service of its own, for the circuit breaker remembers.</summary>
[Trait("Practice", "P39")]
public sealed class HostileCatalogTests(PostgresFixture postgres)
{
    private const string Good = """{"productId":"ID","name":"Kettle","sellerId":"s","quantity":1,"unitPrice":1.00,"currency":"EUR"}""";

    public static TheoryData<string, string> Lies => new()
    {
        { "no lines", """{"lines":[]}""" },
        { "no body", "null" },
        { "no JSON", "<html>" },
        { "deep JSON", string.Concat(Enumerable.Repeat("[", 100)) },
        { "null line", """{"lines":[null]}""" },
        { "two lines for one", $$"""{"lines":[{{Good}},{{Good}}]}""" },
        { "another product", $$"""{"lines":[{{Good.Replace("ID", Guid.NewGuid().ToString(), StringComparison.Ordinal)}}]}""" },
        { "another quantity", $$"""{"lines":[{{Good.Replace("\"quantity\":1", "\"quantity\":2", StringComparison.Ordinal)}}]}""" },
        { "a price below zero", $$"""{"lines":[{{Good.Replace("1.00", "-1", StringComparison.Ordinal)}}]}""" },
        { "a price out of bounds", $$"""{"lines":[{{Good.Replace("1.00", "1e9", StringComparison.Ordinal)}}]}""" },
        { "fractions of a cent", $$"""{"lines":[{{Good.Replace("1.00", "0.001", StringComparison.Ordinal)}}]}""" },
        { "no price", $$"""{"lines":[{{Good.Replace(",\"unitPrice\":1.00", "", StringComparison.Ordinal)}}]}""" },
        { "no currency", $$"""{"lines":[{{Good.Replace("EUR", "", StringComparison.Ordinal)}}]}""" },
        { "an odd currency", $$"""{"lines":[{{Good.Replace("EUR", "eur", StringComparison.Ordinal)}}]}""" },
        { "an empty name", $$"""{"lines":[{{Good.Replace("Kettle", "", StringComparison.Ordinal)}}]}""" },
        { "a long name", $$"""{"lines":[{{Good.Replace("Kettle", new string('x', 201), StringComparison.Ordinal)}}]}""" },
        { "a name with a NUL", $$"""{"lines":[{{Good.Replace("Kettle", "a\\u0000b", StringComparison.Ordinal)}}]}""" },
    };

    [Theory]
    [MemberData(nameof(Lies))]
    public async Task A_lying_catalog_is_not_believed(string name, string lie)
    {
        Assert.NotEmpty(name);
        await using var host = await StartAsync();
        var product = host.Catalog.Add();
        var customer = host.Customer();
        host.Catalog.Instead = http => Task.FromResult(http.Request.Method == "PUT"
            ? Results.Content(lie?.Replace("ID", product.Id.ToString(), StringComparison.Ordinal), "application/json")
            : null);

        using var answer = await customer.PlaceAsync(Body.Of((product, 1)), "key-0001");
        using var again = await customer.PlaceAsync(Body.Of((product, 1)), "key-0001");

        Assert.Equal(await answer.ProblemAsync(HttpStatusCode.BadGateway), await again.ProblemAsync(HttpStatusCode.BadGateway));
        Assert.Equal("rejected", await OnlyStateAsync(customer));
    }

    [Fact]
    public async Task A_true_catalog_is_believed()
    {
        await using var host = await StartAsync();
        var product = host.Catalog.Add();
        host.Catalog.Instead = http => Task.FromResult(http.Request.Method == "PUT"
            ? Results.Content($$"""{"lines":[{{Good.Replace("ID", product.Id.ToString(), StringComparison.Ordinal)}}]}""", "application/json")
            : null);

        using var answer = await host.Customer().PlaceAsync(Body.Of((product, 1)));

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
    }

    [Fact]
    [Trait("Practice", "P38")]
    public async Task A_catalog_that_is_away_costs_a_retry_and_no_order()
    {
        await using var host = await StartAsync();
        var product = host.Catalog.Add();
        var customer = host.Customer();
        host.Catalog.Instead = _ => Task.FromResult<IResult?>(Results.StatusCode(503));

        using var answer = await customer.PlaceAsync(Body.Of((product, 1)), "key-0001");

        await answer.ProblemAsync(HttpStatusCode.ServiceUnavailable);
        var delay = Assert.NotNull(answer.Headers.RetryAfter?.Delta);
        using var early = await customer.PlaceAsync(Body.Of((product, 1)), "key-0001");
        await early.ProblemAsync(HttpStatusCode.Conflict);
        host.Catalog.Instead = null;
        host.Clock.Advance(delay);
        using var again = await customer.PlaceAsync(Body.Of((product, 1)), "key-0001");
        Assert.Equal(HttpStatusCode.Created, again.StatusCode);
        Assert.Equal("placed", await OnlyStateAsync(customer));
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
        Assert.Equal(1, await host.Reconciler.RunOnceAsync(TestContext.Current.CancellationToken));
        Assert.Equal("placed", await OnlyStateAsync(customer));
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
