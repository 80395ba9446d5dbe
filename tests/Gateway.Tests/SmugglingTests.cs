using System.Collections.Concurrent;
using SecureShop.Testing;

namespace SecureShop.Gateway.Tests;

/// <summary>Requests of which two readers would see another end: refused, with the connection, and what hides in them is answered by nobody.</summary>
public sealed class SmugglingTests
{
    private const string Login = $"POST /account/login HTTP/1.1\r\nHost: {GatewayFactory.IdentityHost}\r\nContent-Type: application/x-www-form-urlencoded\r\n";
    private const string Hidden = $"GET /smuggled HTTP/1.1\r\nHost: {GatewayFactory.IdentityHost}\r\n\r\n";
    private const string Chunked = "Transfer-Encoding: chunked\r\n";

    [Theory]

    // Two lengths, in either order.
    [InlineData(Login + "Content-Length: 5\r\n" + Chunked + "\r\n0\r\n\r\n" + Hidden, 400)]
    [InlineData(Login + Chunked + "Content-Length: 100\r\n\r\n0\r\n\r\n" + Hidden, 400)]
    [InlineData(Login + Chunked + "X-Content-Length: 100\r\n\r\n0\r\n\r\n" + Hidden, 400)]
    [InlineData(Login + "Content-Length: 5\r\nContent-Length: 5\r\n\r\na=b&c" + Hidden, 400)]
    [InlineData(Login + "Content-Length: 5, 5\r\n\r\na=b&c" + Hidden, 400)]
    [InlineData(Login + "Content-Length: +5\r\n\r\na=b&c" + Hidden, 400)]
    [InlineData(Login + "Content-Length: 0x5\r\n\r\na=b&c" + Hidden, 400)]
    [InlineData(Login + "Content-Length: 5 5\r\n\r\na=b&c" + Hidden, 400)]
    [InlineData(Login + "Content-Length: 99999999999999999999\r\n\r\n" + Hidden, 400)]

    // A coding that one reader takes for chunks and another does not.
    [InlineData(Login + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + Hidden, 400)]
    [InlineData(Login + "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n" + Hidden, 400)]
    [InlineData(Login + "Transfer-Encoding: identity, chunked\r\n\r\n0\r\n\r\n" + Hidden, 400)]
    [InlineData(Login + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n" + Hidden, 400)]
    [InlineData(Login + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + Hidden, 400)]
    [InlineData(Login + "Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n\r\n0\r\n\r\n" + Hidden, 400)]
    [InlineData(Login + "Transfer-Encoding: \u000bchunked\r\n\r\n0\r\n\r\n" + Hidden, 400)]
    [InlineData(Login + "Transfer-Encoding: \"chunked\"\r\n\r\n0\r\n\r\n" + Hidden, 400)]
    [InlineData(Login + "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n" + Hidden, 400)]
    [InlineData(Login + "X: x\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + Hidden, 400)]
    [InlineData(Login + "X: x\rTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + Hidden, 400)]
    [InlineData(Login + "Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n" + Hidden, 400)]

    // Chunks that are none.
    [InlineData(Login + Chunked + "\r\n0x5\r\na=b&c\r\n0\r\n\r\n" + Hidden, 400)]
    [InlineData(Login + Chunked + "\r\n-5\r\na=b&c\r\n0\r\n\r\n" + Hidden, 400)]
    [InlineData(Login + Chunked + "\r\n+5\r\na=b&c\r\n0\r\n\r\n" + Hidden, 400)]
    [InlineData(Login + Chunked + "\r\nFFFFFFFFFFFFFFFF5\r\na=b&c\r\n0\r\n\r\n" + Hidden, 400)]
    [InlineData(Login + Chunked + "\r\n5\r\na=b&cXX0\r\n\r\n" + Hidden, 400)]
    [InlineData(Login + Chunked + "\r\n5\na=b&c\r\n0\r\n\r\n" + Hidden, 400)]
    [InlineData(Login + Chunked + "\r\n5;x\na=b&c\r\n0\r\n\r\n" + Hidden, 400)]
    [InlineData(Login + Chunked + "\r\n5;x\ry\r\na=b&c\r\n0\r\n\r\n" + Hidden, 400)]
    [InlineData(Login + Chunked + "\r\n\r\n" + Hidden, 400)]

    // Lines that end as they should not.
    [InlineData("GET /smuggled HTTP/1.1\nHost: " + GatewayFactory.IdentityHost + "\n\n", 400)]
    [InlineData("GET /x HTTP/1.1\r\nHost: " + GatewayFactory.IdentityHost + "\n\r\n", 400)]
    [InlineData("GET /x HTTP/1.1\rHost: " + GatewayFactory.IdentityHost + "\r\n\r\n", 400)]

    // Another host in the target than in the header.
    [InlineData("GET https://evil.example/smuggled HTTP/1.1\r\nHost: " + GatewayFactory.IdentityHost + "\r\n\r\n", 400)]
    [Trait("Practice", "P23")]
    public async Task What_hides_in_a_request_is_answered_by_nobody(string sent, int status)
    {
        var (answers, asked) = await SendAsync(sent);
        Assert.StartsWith($"HTTP/1.1 {status} ", answers, StringComparison.Ordinal);
        Assert.Equal(1, Count(answers));
        Assert.DoesNotContain(asked, path => path.Contains("smuggled", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(Login + "Content-Length: 5\r\n\r\na=b&c", "200")]
    [InlineData(Login + Chunked + "\r\n5\r\na=b&c\r\n0\r\n\r\n", "200")]
    [InlineData(Login + Chunked + "\r\n5;name=value\r\na=b&c\r\n0\r\n\r\n", "200")]
    [InlineData(Login + "transfer-encoding: Chunked\r\n\r\n0005\r\na=b&c\r\n0\r\n\r\n", "200")]
    [InlineData(Login + "Content-Length: 0\r\n\r\n", "200")]
    [Trait("Practice", "P23")]
    public async Task Beside_what_one_may_say_where_the_next_request_is_the_next(string sent, string status)
    {
        var (answers, asked) = await SendAsync(sent + Hidden);
        Assert.StartsWith($"HTTP/1.1 {status} ", answers, StringComparison.Ordinal);
        Assert.Equal(2, Count(answers));
        Assert.Equal(["/account/login", "/smuggled"], asked);
    }

    private static int Count(string answers) => answers.Split("HTTP/1.1 ").Length - 1;

    private static async Task<(string Answers, IReadOnlyCollection<string> Asked)> SendAsync(string sent)
    {
        var asked = new ConcurrentQueue<string>();
        await using var host = await GatewayHost.StartAsync(async (_, context) =>
        {
            asked.Enqueue(context.Request.Path);
            await context.Request.Body.CopyToAsync(Stream.Null);
        });
        await using var connection = await RawTls.ConnectAsync(host.Shop.BaseAddress!, TestContext.Current.CancellationToken);
        await connection.WriteAsync(sent, TestContext.Current.CancellationToken);
        return (await connection.ReadToEndAsync(TestContext.Current.CancellationToken), asked);
    }
}
