using System.Buffers.Text;
using System.Net;
using System.Text;
using SecureShop.SystemTests.Support.Secrets;
using SecureShop.SystemTests.Support.Telemetry;

namespace SecureShop.SystemTests;

/// <summary>The canary test's eyes: a planted value is found in every disguise, and a clean text is called clean.</summary>
[Trait("Practice", "P40")]
public sealed class SecretSearchTests
{
    private const string Planted = "kanari+f00/ba7 @wren.example";

    private static readonly Dictionary<string, Func<string, string>> Disguises = new(StringComparer.Ordinal)
    {
        ["plain"] = text => text,
        ["upper case"] = text => text.ToUpperInvariant(),
        ["inside a sentence"] = text => $"The value '{text}' is too long.",
        ["URL-encoded"] = Uri.EscapeDataString,
        ["URL-encoded twice"] = text => Uri.EscapeDataString(Uri.EscapeDataString(text)),
        ["form-encoded"] = text => WebUtility.UrlEncode(text),
        ["hex"] = text => Convert.ToHexString(Encoding.UTF8.GetBytes(text)),
        ["base64"] = text => Convert.ToBase64String(Encoding.UTF8.GetBytes(text)),
        ["base64 behind one byte"] = text => Convert.ToBase64String(Encoding.UTF8.GetBytes($"x{text}y")),
        ["base64 behind two bytes"] = text => Convert.ToBase64String(Encoding.UTF8.GetBytes($"id{text}y")),
        ["base64url"] = text => Base64Url.EncodeToString(Encoding.UTF8.GetBytes($"eve:{text}")),
        ["JSON-escaped"] = text => System.Text.Json.JsonSerializer.Serialize(text),
        ["HTML-encoded"] = text => WebUtility.HtmlEncode(text),
        ["UTF-16"] = text => string.Concat(text.Select(c => $"{c}\0")),
    };

    public static TheoryData<string> Names => [.. Disguises.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_planted_value_is_found_and_its_place_is_named(string disguise)
    {
        var search = new SecretSearch([new("the planted value", Planted), new("another", "something else altogether")]);
        var export = Synthetic.Traces("gateway", "GET /somewhere", "app.note", Disguises[disguise](Planted));

        var leak = Assert.Single(Leaks.In([export], bytes => search.In(bytes).Select(find => find.Label).Distinct()));

        Assert.Equal("the planted value in traces of gateway, Tests GET /somewhere: attribute app.note", leak);
        Assert.DoesNotContain(Planted, leak, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void A_value_cut_short_is_found()
    {
        var token = string.Concat(Enumerable.Range(0, 20).Select(number => $"part{number}"));
        var search = new SecretSearch([new("a token", token)]);

        Assert.NotEmpty(search.In($"Bearer {token[..30]}..."));
        Assert.NotEmpty(search.In($"...{token[^30..]}"));
    }

    [Fact]
    public void Each_part_of_a_token_is_a_secret()
    {
        var ledger = new SecretLedger();
        ledger.Remember("a token", "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJzb21lYm9keSJ9.c2lnbmF0dXJlLW9mLWEtdG9rZW4");
        var search = new SecretSearch(ledger.Secrets);

        foreach (var part in new[] { "eyJhbGciOiJFUzI1NiJ9", "eyJzdWIiOiJzb21lYm9keSJ9", "c2lnbmF0dXJlLW9mLWEtdG9rZW4" })
            Assert.NotEmpty(search.In($"x {part} y"));
    }

    [Fact]
    public void A_clean_export_is_clean()
    {
        var search = new SecretSearch([new("the planted value", Planted)]);

        Assert.Empty(Leaks.In([Synthetic.Traces("gateway", "GET /somewhere", "http.route", "/api/orders/{id}")], bytes => search.In(bytes).Select(find => find.Label)));
        Assert.Empty(SecretShapes.In("GET /api/orders/{id} answered 200; the token's key is known; bearer of bad news"));
    }

    [Theory]
    [InlineData("eyJhbGciOiJFUzI1NiJ9.e30.x")]
    [InlineData("-----BEGIN EC " + "PRIVATE KEY-----")]
    [InlineData("Authorization: Bearer 3f786850e387550fdab836ed7e6dc881")]
    [InlineData("Host=db;Username=x;Password=hunter22")]
    [InlineData("CfDJ8NdwC0ffeeC0ffee")]
    [InlineData("AQAAAAIAAYagAAAAEJ2jkl1jl2k3j4l5k6j7l8k9j0")]
    public void Secrets_that_nobody_wrote_down_are_known_by_their_shape(string text) => Assert.NotEmpty(SecretShapes.In(text));

    /// <summary>Exports of our own making.</summary>
    private static class Synthetic
    {
        public static Export Traces(string service, string name, string key, string value)
        {
            var span = Join(Text(5, name), Field(9, Attribute(key, value)));
            var resource = Field(1, Field(1, Attribute("service.name", service)));
            var scope = Field(2, Join(Field(1, Text(1, "Tests")), Field(2, span)));
            return new("traces", Field(1, Join(resource, scope)));
        }

        private static byte[] Attribute(string key, string value) => Join(Text(1, key), Field(2, Text(1, value)));

        private static byte[] Text(int number, string text) => Field(number, Encoding.UTF8.GetBytes(text));

        private static byte[] Field(int number, byte[] bytes)
        {
            using var stream = new MemoryStream();
            using var output = new Google.Protobuf.CodedOutputStream(stream);
            output.WriteTag(number, Google.Protobuf.WireFormat.WireType.LengthDelimited);
            output.WriteBytes(Google.Protobuf.ByteString.CopyFrom(bytes));
            output.Flush();
            return stream.ToArray();
        }

        private static byte[] Join(params byte[][] parts) => [.. parts.SelectMany(part => part)];
    }
}
