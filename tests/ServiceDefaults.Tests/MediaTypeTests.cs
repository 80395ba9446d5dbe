using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using SecureShop.ServiceDefaults.Access;
using SecureShop.Testing;

namespace SecureShop.ServiceDefaults.Tests;

/// <summary>Bodies are JSON or forms, in UTF-8 and not compressed, or a 415; never a 500 and never read in another encoding.</summary>
[Trait("Practice", "P23")]
public sealed class MediaTypeTests : IAsyncLifetime
{
    private const string Json = """{"name":"Größe","count":1}""";
    private const string Form = "name=Gr%C3%B6%C3%9Fe&count=1";
    private const string JsonType = "application/json";
    private const string FormType = "application/x-www-form-urlencoded";

    private TestIssuer issuer = null!;
    private ServiceHost host = null!;

    public static TheoryData<string, string> Good
        => new(from parameters in HostileContent.GoodParameters from type in new[] { JsonType, FormType, "Application/JSON", "APPLICATION/x-www-form-urlencoded" } select (type, parameters));

    public static TheoryData<string, string> Bad => new(from parameters in HostileContent.BadParameters from type in new[] { JsonType, FormType } select (type, parameters));

    public async ValueTask InitializeAsync()
    {
        issuer = await TestIssuer.StartAsync();
        host = await ServiceHost.StartAsync(issuer, app =>
        {
            app.MapPost("/json", (Thing thing) => thing.Name).RequireAccess(AccessRule.Anyone("a test"));

            // Read as the token server and the pages read one.
            app.MapPost("/form", async (HttpRequest request) => request.HasFormContentType ? (await request.ReadFormAsync())["name"].ToString() : "none").RequireAccess(AccessRule.Anyone("a test"));
            app.MapGet("/form", async (HttpRequest request) => request.HasFormContentType ? (await request.ReadFormAsync())["name"].ToString() : "none").RequireAccess(AccessRule.Anyone("a test"));
            app.MapPost("/nothing", () => "done").RequireAccess(AccessRule.Anyone("a test"));
        });
    }

    public async ValueTask DisposeAsync()
    {
        await host.DisposeAsync();
        await issuer.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Good))]
    public async Task Every_legal_spelling_of_UTF_8_is_taken(string type, string parameters)
    {
        using var answer = await PostAsync(type, HostileContent.Of(IsJson(type) ? Json : Form, type + parameters));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("Größe", await TextAsync(answer));
    }

    [Theory]
    [MemberData(nameof(Bad))]
    public async Task Another_charset_is_a_415(string type, string parameters)
    {
        using var answer = await PostAsync(type, HostileContent.Of(IsJson(type) ? Json : Form, type + parameters));
        await ProblemAssert.IsProblemAsync(HttpStatusCode.UnsupportedMediaType, answer);
    }

    [Theory]
    [InlineData("utf-16", JsonType)]
    [InlineData("utf-16", FormType)]
    [InlineData("utf-16BE", JsonType)]
    [InlineData("utf-32", JsonType)]
    [InlineData("utf-32", FormType)]
    [InlineData("iso-8859-1", JsonType)]
    public async Task A_body_that_is_indeed_in_another_encoding_is_not_read(string charset, string type)
    {
        // Whoever looks at the bytes, such as a firewall, does not see what is in them.
        var bytes = Encoding.GetEncoding(charset).GetBytes(IsJson(type) ? Json : Form);
        using var said = await PostAsync(type, HostileContent.Of(bytes, $"{type}; charset={charset}"));
        await ProblemAssert.IsProblemAsync(HttpStatusCode.UnsupportedMediaType, said);
        using var unsaid = await PostAsync(type, HostileContent.Of(bytes, type));
        Assert.NotEqual("Größe", await TextAsync(unsaid));
        Assert.True((int)unsaid.StatusCode < 500, unsaid.StatusCode.ToString());
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    [InlineData("identity, gzip")]
    [InlineData("x-unknown")]
    [InlineData("")]
    public async Task A_content_coding_is_a_415_that_names_what_is_taken(string coding)
    {
        using var json = await PostAsync(JsonType, HostileContent.Encoded(Json, JsonType, coding));
        await ProblemAssert.IsProblemAsync(HttpStatusCode.UnsupportedMediaType, json);
        Assert.Equal("identity", string.Join(",", json.Headers.GetValues("Accept-Encoding")));
        using var form = await PostAsync(FormType, HostileContent.Encoded(Form, FormType, coding));
        await ProblemAssert.IsProblemAsync(HttpStatusCode.UnsupportedMediaType, form);
    }

    [Theory]
    [InlineData(JsonType, JsonType)]
    [InlineData(JsonType, FormType)]
    [InlineData(FormType, JsonType)]
    [InlineData(FormType, FormType + "; charset=utf-16")]
    public async Task Two_content_types_are_a_415(string first, string second)
    {
        var body = IsJson(first) ? """{"name":"a","count":1}""" : Form;
        var answer = await RawHttp.SendAsync(
            host.Client.BaseAddress!,
            $"POST {(IsJson(first) ? "/json" : "/form")} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {first}\r\nContent-Type: {second}\r\nContent-Length: {body.Length}",
            TestContext.Current.CancellationToken,
            body);
        Assert.StartsWith("HTTP/1.1 415 ", answer, StringComparison.Ordinal);
        using var joined = await PostAsync(first, HostileContent.Of(body, $"{first}, {second}"));
        await ProblemAssert.IsProblemAsync(HttpStatusCode.UnsupportedMediaType, joined);
    }

    [Theory]
    [InlineData("multipart/form-data")]
    [InlineData("multipart/form-data; boundary=")]
    [InlineData("multipart/mixed; boundary=x")]
    [InlineData("text/plain")]
    [InlineData("text/json")]
    [InlineData("application/xml")]
    [InlineData("application/octet-stream")]
    [InlineData("application/vnd.api+json")]
    [InlineData("application/*")]
    [InlineData("*/*")]
    [InlineData("json")]
    [InlineData("application/json/x")]
    [InlineData("/")]
    [InlineData(" ")]
    public async Task Another_media_type_is_a_415_wherever_there_is_a_body(string type)
    {
        foreach (var path in new[] { "/json", "/form", "/nothing" })
        {
            using var answer = await host.SendAsync(HttpMethod.Post, path, content: HostileContent.Of("--x--", type));
            await ProblemAssert.IsProblemAsync(HttpStatusCode.UnsupportedMediaType, answer);
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("text/plain")]
    [InlineData("text/plain; charset=\"UTF-8\"")]
    public async Task A_form_of_several_parts_is_text_part_by_part(string? partType)
    {
        using var good = await PostAsync(FormType, HostileContent.Multipart([new("name", "Größe"), new("_charset_", "utf-16")], partType));
        using var control = await PostAsync(FormType, HostileContent.Multipart([new("count", "1"), new("name", "a\0b")], partType));

        Assert.Equal("Größe", await TextAsync(good));
        Assert.True((await ProblemAssert.IsProblemAsync(HttpStatusCode.BadRequest, control)).GetProperty("errors").TryGetProperty("name", out _));
    }

    [Theory]
    [InlineData("text/plain; charset=utf-16")]
    [InlineData("text/plain; charset=utf-7")]
    [InlineData("text/plain; charset=utf-8; charset=utf-16")]
    [InlineData("application/octet-stream")]
    [InlineData("text/html")]
    [InlineData("/")]
    public async Task A_part_in_another_encoding_or_of_another_type_is_a_415(string partType)
    {
        using var answer = await PostAsync(FormType, HostileContent.Multipart([new("name", "a")], partType));
        await ProblemAssert.IsProblemAsync(HttpStatusCode.UnsupportedMediaType, answer);
    }

    [Theory]
    [InlineData("form-data; name=\"name\"; filename=\"a.txt\"")]
    [InlineData("form-data; name=\"name\"; filename*=UTF-8''a.txt")]
    [InlineData("attachment; name=\"name\"")]
    [InlineData("form-data")]
    [InlineData("form-data; name=\"\"")]
    [InlineData("form-data; name=\"na\u0001me\"")]
    [InlineData("name")]
    public async Task A_part_that_is_no_field_is_a_400(string disposition)
    {
        var body = $"--x\r\nContent-Disposition: {disposition}\r\n\r\na\r\n--x--\r\n";
        using var answer = await PostAsync(FormType, HostileContent.Of(body, "multipart/form-data; boundary=x"));
        await ProblemAssert.IsProblemAsync(HttpStatusCode.BadRequest, answer);
    }

    [Theory]
    [InlineData("no boundary at all")]
    [InlineData("--x\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\ncut off")]
    [InlineData("--x\r\n")]
    public async Task A_form_that_is_cut_off_is_a_400(string body)
    {
        using var answer = await PostAsync(FormType, HostileContent.Of(body, "multipart/form-data; boundary=x"));
        await ProblemAssert.IsProblemAsync(HttpStatusCode.BadRequest, answer);
    }

    [Fact]
    public async Task A_form_has_a_bounded_number_of_parts()
    {
        using var answer = await PostAsync(FormType, HostileContent.Multipart(Enumerable.Range(0, 65).Select(number => KeyValuePair.Create($"n{number}", "a")), partType: null));
        await ProblemAssert.IsProblemAsync(HttpStatusCode.BadRequest, answer);
    }

    [Fact]
    public async Task A_field_that_names_a_charset_changes_nothing()
    {
        using var answer = await PostAsync(FormType, HostileContent.Of("_charset_=utf-16&" + Form, FormType));
        Assert.Equal("Größe", await TextAsync(answer));
    }

    [Fact]
    public async Task What_is_said_of_no_body_is_not_listened_to()
    {
        using var post = await PostAsync(FormType, HostileContent.Of("", FormType + "; charset=utf-7"));
        Assert.Equal("none", await TextAsync(post));
        using var json = await PostAsync(JsonType, HostileContent.Of("", JsonType + "; charset=utf-7"));
        await ProblemAssert.IsProblemAsync(HttpStatusCode.BadRequest, json);
        using var done = await host.SendAsync(HttpMethod.Post, "/nothing");
        Assert.Equal(HttpStatusCode.OK, done.StatusCode);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/form") { Content = HostileContent.Of("", FormType + "; charset=utf-7") };
        using var get = await host.Client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal("none", await TextAsync(get));
    }

    [Fact]
    public async Task A_body_of_no_type_is_not_read()
    {
        using var json = await PostAsync(JsonType, HostileContent.Of(Json));
        await ProblemAssert.IsProblemAsync(HttpStatusCode.UnsupportedMediaType, json);
        using var form = await PostAsync(FormType, HostileContent.Of(Form));
        Assert.Equal("none", await TextAsync(form));
    }

    [Fact]
    public async Task A_byte_order_mark_is_no_part_of_what_is_read()
    {
        using var json = await PostAsync(JsonType, HostileContent.Of("\uFEFF" + Json, JsonType));
        Assert.True((int)json.StatusCode is 200 or 400, json.StatusCode.ToString());
        if (json.StatusCode == HttpStatusCode.OK)
            Assert.Equal("Größe", await TextAsync(json));
        using var form = await PostAsync(FormType, HostileContent.Of("count=1&\uFEFF" + Form, FormType));
        Assert.True((int)form.StatusCode is 200 or 400, form.StatusCode.ToString());
    }

    private static bool IsJson(string type) => type.Contains("json", StringComparison.OrdinalIgnoreCase);

    private static Task<string> TextAsync(HttpResponseMessage answer) => answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

    private Task<HttpResponseMessage> PostAsync(string type, HttpContent content) => host.SendAsync(HttpMethod.Post, IsJson(type) ? "/json" : "/form", content: content);

    private sealed record Thing(string Name, int Count);
}
