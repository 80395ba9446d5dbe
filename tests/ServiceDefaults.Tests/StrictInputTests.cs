using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Mvc;
using SecureShop.ServiceDefaults.Access;
using SecureShop.Testing;

namespace SecureShop.ServiceDefaults.Tests;

/// <summary>Bad input of many kinds: 4xx, a problem, and never a 500.</summary>
public sealed class StrictInputTests : IAsyncLifetime
{
    private TestIssuer issuer = null!;
    private ServiceHost host = null!;

    public async ValueTask InitializeAsync()
    {
        issuer = await TestIssuer.StartAsync();
        host = await ServiceHost.StartAsync(issuer, app =>
        {
            app.MapPost("/things", (Thing thing) => thing).RequireAccess(AccessRule.Anyone("a test"));
            app.MapPost("/trees", (Tree tree) => tree.Name).RequireAccess(AccessRule.Anyone("a test"));
            app.MapGet("/things", (int count, Guid id) => $"{count} {id}").RequireAccess(AccessRule.Anyone("a test"));
            app.MapGet("/keyed", ([FromHeader(Name = "Idempotency-Key")] string key) => key).RequireAccess(AccessRule.Anyone("a test"));
        });
    }

    public async ValueTask DisposeAsync()
    {
        await host.DisposeAsync();
        await issuer.DisposeAsync();
    }

    [Fact]
    [Trait("Practice", "P23")]
    public async Task Good_input_is_taken()
    {
        using var answer = await PostAsync("/things", """{"name":"a","count":1}""");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        using var tree = await PostAsync("/trees", Nested(10));
        Assert.Equal(HttpStatusCode.OK, tree.StatusCode);
    }

    [Theory]
    [InlineData("""{"name":"a","count":1,"price":0}""", "price")]
    [InlineData("""{"name":"a","count":1,"Name":"b"}""", null)]
    [InlineData("""{"name":"a","name":"b","count":1}""", null)]
    [InlineData("""{"name":"a","count":"1"}""", "count")]
    [InlineData("""{"name":"a","count":1.5}""", "count")]
    [InlineData("""{"name":"a","count":99999999999}""", "count")]
    [InlineData("""{"name":7,"count":1}""", "name")]
    [InlineData("""{"name":null,"count":1}""", null)]
    [InlineData("""{"name":"a"}""", null)]
    [InlineData("""{"name":"a","count":1""", null)]
    [InlineData("""{"name":"a","count":1,}""", null)]
    [InlineData("""{"name":"a","count":1}{}""", null)]
    [InlineData("""// note""", null)]
    [InlineData("""[]""", null)]
    [InlineData("""null""", null)]
    [InlineData("", null)]
    [Trait("Practice", "P18")]
    [Trait("Practice", "P23")]
    public async Task A_body_of_another_shape_is_a_400_that_names_the_member_at_most(string body, string? member)
    {
        using var answer = await PostAsync("/things", body);
        var problem = await ProblemAssert.IsProblemAsync(HttpStatusCode.BadRequest, answer);
        if (member is not null)
            Assert.True(problem.GetProperty("errors").TryGetProperty(member, out _), problem.ToString());
    }

    [Theory]
    [InlineData("/keyed", "Idempotency-Key")]
    [InlineData("/things?count=many&id=019a8f00-0000-7000-8000-000000000001", "count")]
    [InlineData("/things?count=1", "id")]
    [Trait("Practice", "P23")]
    public async Task A_parameter_that_cannot_be_bound_is_named_as_on_the_wire(string path, string name)
    {
        using var answer = await host.GetAsync(path);
        var problem = await ProblemAssert.IsProblemAsync(HttpStatusCode.BadRequest, answer);
        Assert.Equal([name], problem.GetProperty("errors").EnumerateObject().Select(error => error.Name));
    }

    [Theory]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("' OR 1=1 --")]
    [InlineData("a\\u0000b")]
    [Trait("Practice", "P23")]
    [Trait("Practice", "P32")]
    public async Task A_hostile_member_name_is_not_echoed(string name)
    {
        using var answer = await PostAsync("/things", $$"""{"name":"a","count":1,"{{name}}":1}""");
        var problem = await ProblemAssert.IsProblemAsync(HttpStatusCode.BadRequest, answer);
        Assert.True(problem.GetProperty("errors").TryGetProperty("body", out _), problem.ToString());
    }

    [Fact]
    [Trait("Practice", "P23")]
    public async Task Depth_is_bounded()
    {
        using var answer = await PostAsync("/trees", Nested(17));
        await ProblemAssert.IsProblemAsync(HttpStatusCode.BadRequest, answer);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Practice", "P23")]
    public async Task Size_is_bounded_whether_announced_or_not(bool chunked)
    {
        var body = $$"""{"name":"{{new string('x', 70 * 1024)}}","count":1}""";
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/things") { Content = content };
        request.Headers.TransferEncodingChunked = chunked;
        request.Headers.ExpectContinue = !chunked;
        using var answer = await host.Client.SendAsync(request, TestContext.Current.CancellationToken);
        await ProblemAssert.IsProblemAsync(HttpStatusCode.RequestEntityTooLarge, answer);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("multipart/form-data")]
    [InlineData("application/xml")]
    [Trait("Practice", "P23")]
    public async Task Another_content_type_is_refused(string type)
    {
        using var content = new StringContent("""{"name":"a","count":1}""", Encoding.UTF8, type);
        using var answer = await host.SendAsync(HttpMethod.Post, "/things", content: content);
        await ProblemAssert.IsProblemAsync(HttpStatusCode.UnsupportedMediaType, answer);
    }

    [Theory]
    [InlineData("/things?count=x&id=0198f000-0000-7000-8000-000000000001")]
    [InlineData("/things?count=1&id=1")]
    [InlineData("/things?count=99999999999&id=0198f000-0000-7000-8000-000000000001")]
    [InlineData("/things")]
    [Trait("Practice", "P23")]
    public async Task Parameters_of_another_type_are_a_400(string path)
    {
        using var answer = await host.GetAsync(path);
        await ProblemAssert.IsProblemAsync(HttpStatusCode.BadRequest, answer);
    }

    private static string Nested(int depth)
        => string.Concat(Enumerable.Repeat("""{"name":"a","child":""", depth - 1)) + """{"name":"a"}""" + new string('}', depth - 1);

    private async Task<HttpResponseMessage> PostAsync(string path, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        return await host.SendAsync(HttpMethod.Post, path, content: content);
    }

    private sealed record Thing(string Name, int Count);

    private sealed record Tree(string Name, Tree? Child = null);
}
