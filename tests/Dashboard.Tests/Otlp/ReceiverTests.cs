using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using SecureShop.Dashboard.Tests.Support;

namespace SecureShop.Dashboard.Tests.Otlp;

[Trait("Practice", "P33")]
public sealed class ReceiverTests
{
    private static readonly byte[] OneSpan = OtlpWriter.Request("gateway", "gateway-1", [("scope", [new SampleSpan(7, 8, 0, "GET /").Write()])]);

    [Fact]
    public async Task Who_has_the_key_is_heard_and_nobody_else()
    {
        await using var dashboard = await StartedDashboard.StartAsync();
        await dashboard.SignInAsync();
        using var sample = dashboard.Sender();
        var key = dashboard.Server.OtlpApiKey;
        foreach (var path in new[] { "/v1/traces", "/v1/metrics", "/v1/logs", "/none" })
        {
            foreach (var wrong in new[] { null, "", "x", key[1..], key + "x", $"{key},{key}", key.ToUpperInvariant() + "x" })
            {
                using var refused = await sample.PostAsync(path, Sample.Content(OneSpan), wrong);
                Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
                Assert.Equal("application/problem+json", refused.Content.Headers.ContentType?.MediaType);
            }
        }

        Assert.Empty((await dashboard.ReadAsync("/api/traces")).GetProperty("traces").EnumerateArray());
        Assert.Empty(await sample.SendAsync("/v1/traces", OneSpan));
        Assert.Single((await dashboard.ReadAsync("/api/traces")).GetProperty("traces").EnumerateArray());
    }

    [Fact]
    public async Task The_receiver_has_no_pages_and_the_pages_no_receiver()
    {
        await using var dashboard = await StartedDashboard.StartAsync();
        await dashboard.SignInAsync();
        using var sample = dashboard.Sender();
        foreach (var path in new[] { "/", "/api/status", "/assets/app.css", "/login", "/v1/traces/", "/v1/Traces" })
        {
            using var answer = await sample.PostAsync(path, OneSpan);
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }

        using var post = await dashboard.PostAsync("/v1/traces");
        Assert.Equal(HttpStatusCode.NotFound, post.StatusCode);
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/x-protobuf-but-not")]
    [InlineData("text/plain")]
    [InlineData(null)]
    public async Task Other_formats_are_refused(string? type)
    {
        await using var dashboard = await StartedDashboard.StartAsync();
        using var sample = dashboard.Sender();
        using var content = new ByteArrayContent(OneSpan);
        if (type is not null)
            content.Headers.ContentType = new MediaTypeHeaderValue(type);

        using var answer = await sample.PostAsync("/v1/traces", content, dashboard.Server.OtlpApiKey);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, answer.StatusCode);
    }

    [Fact]
    public async Task Packed_with_gzip_it_is_read_and_other_packings_are_refused()
    {
        await using var dashboard = await StartedDashboard.StartAsync();
        await dashboard.SignInAsync();
        using var sample = dashboard.Sender();
        foreach (var (packing, bytes, status) in new[]
        {
            ("gzip", Gzip(OneSpan), HttpStatusCode.OK),
            ("gzip", OneSpan, HttpStatusCode.BadRequest),
            ("gzip", Gzip(OneSpan)[..60], HttpStatusCode.BadRequest),
            ("br", OneSpan, HttpStatusCode.UnsupportedMediaType),
            ("gzip, gzip", Gzip(Gzip(OneSpan)), HttpStatusCode.UnsupportedMediaType),
        })
        {
            using var content = Sample.Content(bytes);
            content.Headers.TryAddWithoutValidation("Content-Encoding", packing);
            using var answer = await sample.PostAsync("/v1/traces", content, dashboard.Server.OtlpApiKey);
            Assert.Equal(status, answer.StatusCode);
        }

        Assert.Single((await dashboard.ReadAsync("/api/traces")).GetProperty("traces").EnumerateArray());
    }

    [Fact]
    public async Task What_unpacks_to_very_much_is_refused_while_it_unpacks()
    {
        await using var dashboard = await StartedDashboard.StartAsync();
        using var sample = dashboard.Sender();
        using var content = Sample.Content(Gzip(new byte[200 * 1024 * 1024]));
        content.Headers.TryAddWithoutValidation("Content-Encoding", "gzip");

        using var answer = await sample.PostAsync("/v1/traces", content, dashboard.Server.OtlpApiKey);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
    }

    [Fact]
    public async Task What_is_too_large_is_refused()
    {
        await using var dashboard = await StartedDashboard.StartAsync();
        using var sample = dashboard.Sender();
        using var content = Sample.Content(new byte[(4 * 1024 * 1024) + 1]);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/traces") { Content = content, Headers = { ExpectContinue = true } };

        using var answer = await sample.SendAsync(request);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
    }

    [Fact]
    public async Task Only_posts_are_taken()
    {
        await using var dashboard = await StartedDashboard.StartAsync();
        using var sample = dashboard.Sender();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/logs");

        using var answer = await sample.SendAsync(request);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
        Assert.Equal("POST", Assert.Single(answer.Content.Headers.Allow));
    }

    private static byte[] Gzip(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal))
            gzip.Write(bytes);
        return packed.ToArray();
    }
}
