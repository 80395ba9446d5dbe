using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using SecureShop.ServiceDefaults.Access;
using SecureShop.ServiceDefaults.Input;
using SecureShop.Testing;

namespace SecureShop.ServiceDefaults.Tests;

/// <summary>Text is text: valid UTF-8 without control characters, wherever it comes from; else a 400, before anything is done with it.</summary>
[Trait("Practice", "P23")]
public sealed class TextTests : IAsyncLifetime
{
    private TestIssuer issuer = null!;
    private ServiceHost host = null!;

    /// <summary>As JSON writes them; the last ones are half pairs of surrogates, which are no characters.</summary>
    public static TheoryData<string> Escapes => ["\\u0000", "\\u0001", "\\u0007", "\\b", "\\f", "\\u000b", "\\u001b", "\\u007f", "\\u0080", "\\u0085", "\\u009b", "\\ud800", "\\udc00", "\\udc00\\ud800", "\\ud800x"];

    /// <summary>As forms and addresses write them; from %FF on they are no UTF-8, some of it a NUL or a slash in more bytes than it takes.</summary>
    public static TheoryData<string> Encoded =>
        ["%00", "%01", "%07", "%09", "%0A", "%0D", "%1B", "%7F", "%C2%80", "%C2%85", "%C2%9B", "%FF", "%FE%FF", "%80", "%C3", "%C0%80", "%C0%AF", "%E0%80%AF", "%F0%80%80%AF", "%ED%A0%80", "%ED%B0%80", "%F4%90%80%80", "%F8%88%80%80%80"];

    public async ValueTask InitializeAsync()
    {
        issuer = await TestIssuer.StartAsync();
        host = await ServiceHost.StartAsync(issuer, app =>
        {
            app.MapPost("/things", (Thing thing) => $"{thing.Name}|{string.Join('|', thing.Tags ?? [])}").RequireAccess(AccessRule.Anyone("a test"));
            app.MapGet("/things", (string? name) => name ?? "").RequireAccess(AccessRule.Anyone("a test"));
            app.MapGet("/pages", (HttpRequest request) => request.Query["name"].ToString()).RequireAccess(AccessRule.Anyone("a test")).AllowAnyQuery();
            app.MapPost("/pages", async (HttpRequest request) => (await request.ReadFormAsync())["name"].ToString()).RequireAccess(AccessRule.Anyone("a test")).AllowAnyQuery();
            app.MapGet("/named/{name}", (string name) => name).RequireAccess(AccessRule.Anyone("a test"));
        });
    }

    public async ValueTask DisposeAsync()
    {
        await host.DisposeAsync();
        await issuer.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Escapes))]
    public async Task JSON_holds_no_control_characters(string escape)
    {
        await RefusedJsonAsync($$"""{"name":"a{{escape}}b"}""", "name");
        await RefusedJsonAsync($$"""{"name":"a","tags":["b","c{{escape}}"]}""", "tags[1]");
        await RefusedJsonAsync($$$"""{"name":"a","inner":{"name":"{{{escape}}}"}}""", "inner.name");
        await RefusedJsonAsync($$"""{"name":"a","x{{escape}}":1}""", "body");
    }

    [Theory]
    [InlineData("FF")]
    [InlineData("C080")]
    [InlineData("C0AF")]
    [InlineData("E080AF")]
    [InlineData("EDA080")]
    [InlineData("F4908080")]
    [InlineData("C3")]
    [InlineData("00")]
    [InlineData("0A")]
    [InlineData("1B")]
    [InlineData("7F")]
    [InlineData("C285")]
    public async Task JSON_is_UTF_8(string hex)
    {
        foreach (var (before, after) in new[] { ("{\"name\":\"a", "b\"}"), ("{\"name\":\"a\",\"tags\":[\"", "\"]}"), ("{\"name\":\"a\",\"", "\":1}"), ("{\"na", "me\":\"a\"}") })
        {
            byte[] body = [.. Encoding.UTF8.GetBytes(before), .. Convert.FromHexString(hex), .. Encoding.UTF8.GetBytes(after)];
            using var answer = await host.SendAsync(HttpMethod.Post, "/things", content: HostileContent.Of(body, "application/json"));
            await ProblemAssert.IsProblemAsync(HttpStatusCode.BadRequest, answer);
        }
    }

    [Theory]
    [InlineData("One\\nTwo\\r\\n\\tThree", "One\nTwo\r\n\tThree")]
    [InlineData("Gr\\u00f6\\u00dfe \\ud83d\\udd25 \\u200d \\u202e", "Größe \U0001F525 \u200d \u202e")]
    public async Task Lines_and_every_character_of_any_script_may_be_in_JSON(string written, string read)
    {
        using var answer = await PostJsonAsync($$"""{"name":"{{written}}","tags":["{{written}}"]}""");
        Assert.Equal($"{read}|{read}", await TextAsync(answer));
    }

    [Theory]
    [MemberData(nameof(Encoded))]
    public async Task Addresses_hold_no_control_characters_and_are_UTF_8(string encoded)
    {
        foreach (var path in new[] { "/things", "/pages" })
        {
            using var value = await host.GetAsync($"{path}?name=a{encoded}b");
            Assert.Equal(["name"], await ErrorsAsync(value));
            using var name = await host.GetAsync($"{path}?na{encoded}me=a");
            Assert.Equal(["query"], await ErrorsAsync(name));
        }

        using var posted = await host.SendAsync(HttpMethod.Post, $"/pages?x={encoded}", content: HostileContent.Of("name=a", "application/x-www-form-urlencoded"));
        Assert.Equal(["x"], await ErrorsAsync(posted));
        using var route = await host.GetAsync($"/named/a{encoded}b");
        Assert.True(route.StatusCode is HttpStatusCode.BadRequest, route.StatusCode.ToString());
    }

    [Theory]
    [MemberData(nameof(Encoded))]
    public async Task Forms_hold_no_control_characters_and_are_UTF_8(string encoded)
    {
        foreach (var (body, name) in new[] { ($"x=1&name=a{encoded}b", "name"), ($"name=a&na{encoded}me=a", "form"), ($"{encoded}", "form") })
        {
            using var escaped = await PostFormAsync(Encoding.UTF8.GetBytes(body));
            Assert.Equal([name], await ErrorsAsync(escaped));

            // The bytes themselves, which nothing asks a caller to escape.
            using var bare = await PostFormAsync(WebUtility.UrlDecodeToBytes(Encoding.UTF8.GetBytes(body), 0, body.Length)!);
            Assert.Equal([name], await ErrorsAsync(bare));
        }
    }

    [Theory]
    [InlineData("Gr%C3%B6%C3%9Fe+%F0%9F%94%A5", "Größe \U0001F525")]
    [InlineData("100%", "100%")]
    [InlineData("%25FF%2500", "%FF%00")]
    [InlineData("a%20b%26c%3Dd%2B", "a b&c=d+")]
    [InlineData("", "")]
    public async Task Whatever_else_is_written_is_read_as_it_was_written(string written, string read)
    {
        using var query = await host.GetAsync($"/things?name={written}");
        Assert.Equal(read, await TextAsync(query));
        using var form = await PostFormAsync(Encoding.UTF8.GetBytes($"x=1&&name={written}&y"));
        Assert.Equal(read, await TextAsync(form));
        using var raw = await PostFormAsync("name=Größe"u8.ToArray());
        Assert.Equal("Größe", await TextAsync(raw));
    }

    [Fact]
    public async Task A_form_has_a_size()
    {
        using var answer = await PostFormAsync(Encoding.UTF8.GetBytes("name=" + new string('x', 70 * 1024)));
        await ProblemAssert.IsProblemAsync(HttpStatusCode.RequestEntityTooLarge, answer);
    }

    private static Task<string> TextAsync(HttpResponseMessage answer)
    {
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    private static async Task<IEnumerable<string>> ErrorsAsync(HttpResponseMessage answer)
        => (await ProblemAssert.IsProblemAsync(HttpStatusCode.BadRequest, answer)).GetProperty("errors").EnumerateObject().Select(error => error.Name);

    private async Task RefusedJsonAsync(string body, string member)
    {
        using var answer = await PostJsonAsync(body);
        Assert.Equal([member], await ErrorsAsync(answer));
    }

    private Task<HttpResponseMessage> PostJsonAsync(string body) => host.SendAsync(HttpMethod.Post, "/things", content: HostileContent.Of(body, "application/json"));

    private Task<HttpResponseMessage> PostFormAsync(byte[] body) => host.SendAsync(HttpMethod.Post, "/pages", content: HostileContent.Of(body, "application/x-www-form-urlencoded"));

    private sealed record Thing(string Name, IReadOnlyList<string>? Tags = null, Thing? Inner = null);
}
