using System.Net;
using System.Text;
using SecureShop.Orders.Tests.Support;

namespace SecureShop.Orders.Tests;

/// <summary>Bad input of many kinds: always a problem, never a 500, nothing stored.</summary>
[Trait("Practice", "P23")]
public sealed class HostileInputTests(OrdersHost host) : IClassFixture<OrdersHost>
{
    private const string Line = """{"productId":"0197a9f0-0000-7000-8000-000000000000","quantity":1}""";

    public static TheoryData<string> Bodies =>
    [
        "",
        "null",
        "[]",
        "{}",
        "0",
        "\"text\"",
        "{",
        "\0",
        """{"lines":null,"paymentMethod":"pm_ok"}""",
        """{"lines":[],"paymentMethod":"pm_ok"}""",
        """{"lines":{},"paymentMethod":"pm_ok"}""",
        """{"lines":[null],"paymentMethod":"pm_ok"}""",
        """{"lines":[{}],"paymentMethod":"pm_ok"}""",
        """{"lines":[[]],"paymentMethod":"pm_ok"}""",
        $$"""{"lines":[{{Line}},null],"paymentMethod":"pm_ok"}""",
        $$"""{"lines":[{{Line}},{{Line}}],"paymentMethod":"pm_ok"}""",
        $$"""{"lines":[{{Line}}],"lines":[{{Line}}],"paymentMethod":"pm_ok"}""",
        $$"""{"Lines":[{{Line}}],"LINES":[]}""",
        $$"""{"lines":[{{Line.Replace(":1", ":0", StringComparison.Ordinal)}}],"paymentMethod":"pm_ok"}""",
        $$"""{"lines":[{{Line.Replace(":1", ":100", StringComparison.Ordinal)}}],"paymentMethod":"pm_ok"}""",
        $$"""{"lines":[{{Line.Replace(":1", ":-1", StringComparison.Ordinal)}}],"paymentMethod":"pm_ok"}""",
        $$"""{"lines":[{{Line.Replace(":1", ":1.5", StringComparison.Ordinal)}}],"paymentMethod":"pm_ok"}""",
        $$"""{"lines":[{{Line.Replace(":1", ":\"1\"", StringComparison.Ordinal)}}],"paymentMethod":"pm_ok"}""",
        $$"""{"lines":[{{Line.Replace(":1", ":1e400", StringComparison.Ordinal)}}],"paymentMethod":"pm_ok"}""",
        $$"""{"lines":[{{Line.Replace(":1", ":99999999999999999999", StringComparison.Ordinal)}}],"paymentMethod":"pm_ok"}""",
        $$"""{"lines":[{{Line.Replace(":1", ":NaN", StringComparison.Ordinal)}}],"paymentMethod":"pm_ok"}""",
        $$"""{"lines":[{{Line.Replace("0197", "'; DROP TABLE orders.orders; --", StringComparison.Ordinal)}}],"paymentMethod":"pm_ok"}""",
        $$"""{"lines":[{{Line.Replace("0197", "\\u0000", StringComparison.Ordinal)}}],"paymentMethod":"pm_ok"}""",
        $$"""{"lines":[{{string.Join(',', Enumerable.Range(0, 51).Select(_ => Line.Replace("0197a9f0-0000-7000-8000-000000000000", Guid.NewGuid().ToString(), StringComparison.Ordinal)))}}],"paymentMethod":"pm_ok"}""",
        $$"""{"$type":"System.Object","lines":[{{Line}}],"paymentMethod":"pm_ok"}""",
        $$"""{"__proto__":{},"lines":[{{Line}}],"paymentMethod":"pm_ok"}""",
        string.Concat(Enumerable.Repeat("""{"lines":[""", 200)),
        $$"""{"lines":[{{Line}}]}""",
        $$"""{"lines":[{{Line}}],"paymentMethod":null}""",
        $$"""{"lines":[{{Line}}],"paymentMethod":""}""",
        $$"""{"lines":[{{Line}}],"paymentMethod":"ok"}""",
        $$"""{"lines":[{{Line}}],"paymentMethod":"pm_"}""",
        $$"""{"lines":[{{Line}}],"paymentMethod":"pm_a b"}""",
        $$"""{"lines":[{{Line}}],"paymentMethod":"4111111111111111"}""",
        $$"""{"lines":[{{Line}}],"paymentMethod":"pm_4111111111111111"}""",
        $$"""{"lines":[{{Line}}],"paymentMethod":"pm_{{new string('x', 62)}}"}""",
    ];

    [Theory]
    [Trait("Practice", "P22")]
    [MemberData(nameof(Bodies))]
    public async Task A_bad_body_is_refused(string body)
    {
        var customer = host.Customer();

        using var answer = await customer.PlaceJsonAsync(body);

        await answer.ProblemAsync(HttpStatusCode.BadRequest);
        using var mine = await customer.GetAsync("/");
        Assert.Empty((await mine.JsonAsync()).GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task The_largest_good_body_is_taken()
    {
        var lines = Enumerable.Range(0, 50).Select(_ => (host.Catalog.Add(), 99)).ToArray();

        using var answer = await host.Customer().PlaceAsync(Body.Of(lines));

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
    }

    [Fact]
    public async Task A_large_body_is_refused()
    {
        using var answer = await host.Customer().SendAsync(new HttpRequestMessage(HttpMethod.Post, "/")
        {
            Content = new StringContent($$"""{"lines":[{{new string(' ', 70_000)}}],"paymentMethod":"pm_ok"}""", Encoding.UTF8, "application/json"),
            Headers = { { "Idempotency-Key", "key-0001" }, { "Expect", "100-continue" } },
        });

        await answer.ProblemAsync(HttpStatusCode.RequestEntityTooLarge);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/xml")]
    [InlineData("application/x-www-form-urlencoded")]
    public async Task Another_content_type_is_refused(string type)
    {
        using var answer = await host.Customer().SendAsync(new HttpRequestMessage(HttpMethod.Post, "/")
        {
            Content = new StringContent($$"""{"lines":[{{Line}}],"paymentMethod":"pm_ok"}""", Encoding.UTF8, type),
            Headers = { { "Idempotency-Key", "key-0001" } },
        });

        await answer.ProblemAsync(HttpStatusCode.UnsupportedMediaType);
    }

    [Theory]
    [Trait("Practice", "P19")]
    [InlineData("DELETE", "/")]
    [InlineData("PUT", "/0197a9f0-0000-7000-8000-000000000000")]
    [InlineData("DELETE", "/0197a9f0-0000-7000-8000-000000000000")]
    [InlineData("GET", "/0197a9f0-0000-7000-8000-000000000000/cancel")]
    [InlineData("POST", "/all")]
    public async Task Another_verb_is_refused_and_the_right_ones_are_named(string method, string path)
    {
        using var answer = await host.Customer().SendAsync(new HttpRequestMessage(new HttpMethod(method), path));

        await answer.ProblemAsync(HttpStatusCode.MethodNotAllowed);
        Assert.NotEmpty(answer.Content.Headers.Allow);
    }

    [Theory]
    [InlineData("/1")]
    [InlineData("/0197a9f0-0000-7000-8000-00000000000g")]
    [InlineData("/%00")]
    [InlineData("/..%2f..%2fetc%2fpasswd")]
    [InlineData("/ALL%20")]
    [InlineData("/'%20OR%20'1'='1")]
    public async Task An_odd_path_is_nothing(string path)
    {
        using var answer = await host.Customer().GetAsync(path);

        Assert.True(answer.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.BadRequest, answer.StatusCode.ToString());
    }
}
