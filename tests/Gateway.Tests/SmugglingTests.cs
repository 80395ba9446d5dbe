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
    [InlineData("Content-Length: 5\r\n" + Chunked + "\r\n0\r\n\r\n")]
    [InlineData(Chunked + "Content-Length: 100\r\n\r\n0\r\n\r\n")]
    [InlineData(Chunked + "X-Content-Length: 100\r\n\r\n0\r\n\r\n")]
    [InlineData("Content-Length: 5\r\nContent-Length: 5\r\n\r\na=b&c")]
    [InlineData("Content-Length: 5, 5\r\n\r\na=b&c")]
    [InlineData("Content-Length: 0x5\r\n\r\na=b&c")]
    [InlineData("Content-Length: 5 5\r\n\r\na=b&c")]
    [InlineData("Content-Length: 99999999999999999999\r\n\r\n")]

    // A coding that one reader takes for chunks and another does not.
    [InlineData("Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: identity, chunked\r\n\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: \u000bchunked\r\n\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: \"chunked\"\r\n\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n")]
    [InlineData("X: x\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")]
    [InlineData("X: x\rTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n")]

    // Chunks that are none.
    [InlineData(Chunked + "\r\n0x5\r\na=b&c\r\n0\r\n\r\n")]
    [InlineData(Chunked + "\r\n-5\r\na=b&c\r\n0\r\n\r\n")]
    [InlineData(Chunked + "\r\n+5\r\na=b&c\r\n0\r\n\r\n")]
    [InlineData(Chunked + "\r\nFFFFFFFFFFFFFFFF5\r\na=b&c\r\n0\r\n\r\n")]
    [InlineData(Chunked + "\r\n5\r\na=b&cXX0\r\n\r\n")]
    [InlineData(Chunked + "\r\n5\na=b&c\r\n0\r\n\r\n")]
    [InlineData(Chunked + "\r\n5;x\na=b&c\r\n0\r\n\r\n")]
    [InlineData(Chunked + "\r\n5;x\ry\r\na=b&c\r\n0\r\n\r\n")]
    [InlineData(Chunked + "\r\n\r\n")]
    [Trait("Practice", "P23")]
    public async Task What_hides_in_a_body_is_answered_by_nobody(string sent) => await AssertRefusedAsync(Login + sent + Hidden);

    [Theory]

    // Lines that end as they should not.
    [InlineData("GET /smuggled HTTP/1.1\nHost: " + GatewayFactory.IdentityHost + "\n\n")]
    [InlineData("GET /x HTTP/1.1\r\nHost: " + GatewayFactory.IdentityHost + "\n\r\n")]
    [InlineData("GET /x HTTP/1.1\rHost: " + GatewayFactory.IdentityHost + "\r\n\r\n")]

    // Another host in the target than in the header.
    [InlineData("GET https://evil.example/smuggled HTTP/1.1\r\nHost: " + GatewayFactory.IdentityHost + "\r\n\r\n")]
    [Trait("Practice", "P23")]
    public async Task Nor_what_hides_in_a_line(string sent) => await AssertRefusedAsync(sent);

    [Theory]
    [InlineData(Login + "Content-Length: 5\r\n\r\na=b&c", "200")]

    // Kestrel reads it so, and the service is told 5.
    [InlineData(Login + "Content-Length: +5\r\n\r\na=b&c", "200")]
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

    private static async Task AssertRefusedAsync(string sent)
    {
        var (answers, asked) = await SendAsync(sent);
        Assert.True(answers.StartsWith("HTTP/1.1 400 ", StringComparison.Ordinal) && Count(answers) == 1, answers);
        Assert.DoesNotContain("/smuggled", asked);
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
