using System.Text;
using SecureShop.Testing;

namespace SecureShop.Bench.Gateway;

/// <summary>Requests as bytes, ready to be sent: making them must not take the time that is measured.</summary>
internal static class Message
{
    private static readonly string Host = new Uri(TestTokens.ShopOrigin).Authority;

    public static byte[] Read(string? token)
        => Encoding.ASCII.GetBytes($"GET /api/catalog/products/018f6d5e-0000-7000-8000-000000000001 HTTP/1.1\r\n{Headers(token)}\r\n");

    public static byte[] Write(string? token)
    {
        var words = string.Join(' ', Enumerable.Repeat("A lamp of linen that stands on a table, gives warm light, and is made to last.", 10));
        var body = $$"""{"name":"A lamp of linen","description":"{{words}}","price":{"amount":49.00,"currency":"EUR"},"stock":12,"category":"lamps","tags":["lamp","linen","table"]}""";
        return Encoding.ASCII.GetBytes($"POST /api/catalog/products HTTP/1.1\r\n{Headers(token)}Content-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}");
    }

    private static string Headers(string? token) => $"""
        Host: {Host}
        User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0
        Accept: application/json
        Accept-Encoding: gzip, deflate, br
        Accept-Language: en-GB,en;q=0.8
        {(token is null ? "X-Request: none" : $"Authorization: Bearer {token}")}

        """.ReplaceLineEndings("\r\n");
}
