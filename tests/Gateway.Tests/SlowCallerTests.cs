using System.Net.Sockets;
using SecureShop.Testing;

namespace SecureShop.Gateway.Tests;

/// <summary>
/// Callers who take their time to hold a connection, or a permit: each is cut off. The times are a part of those that are set
/// (<see cref="GatewayFactory"/>); tests wait for the close and for nothing else.
/// </summary>
public sealed class SlowCallerTests
{
    private const string Get = $"GET /api/catalog/products HTTP/1.1\r\nHost: {GatewayFactory.ShopHost}\r\n";
    private const string Post = $"POST /account/login HTTP/1.1\r\nHost: {GatewayFactory.IdentityHost}\r\nContent-Type: application/x-www-form-urlencoded\r\n";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Get + "X-Slow: ", 408)]
    [InlineData("GE", 408)]
    [InlineData(Post + "Content-Length: 1000\r\n\r\nemail=", 408)]
    [InlineData(Post + "Transfer-Encoding: chunked\r\n\r\n5\r\nemail\r\n", 408)]
    [InlineData(Get + "\r\n", 200)]
    [InlineData("", null)]
    [Trait("Practice", "P29")]
    public async Task Who_does_not_go_on_is_cut_off(string beginning, int? status)
    {
        await using var host = await GatewayHost.StartAsync();
        await using var connection = await RawTls.ConnectAsync(host.Shop.BaseAddress!, Cancellation);
        await connection.WriteAsync(beginning, Cancellation);
        var said = await connection.ReadToEndAsync(Cancellation);
        if (status is null)
            Assert.Empty(said);
        else
            Assert.StartsWith($"HTTP/1.1 {status} ", said, StringComparison.Ordinal);
        if (status == 408)
            Assert.Contains("\r\nStrict-Transport-Security:", said, StringComparison.Ordinal);
        if (beginning.StartsWith("POST", StringComparison.Ordinal))
            Assert.Contains("application/problem+json", said, StringComparison.Ordinal);
        Assert.Equal((0, 0), host.Load);
    }

    [Fact]
    [Trait("Practice", "P29")]
    public async Task Who_does_not_read_the_answer_is_cut_off()
    {
        var gone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var host = await GatewayHost.StartAsync(async (_, context) =>
        {
            context.RequestAborted.Register(gone.SetResult);
            var much = new byte[64 * 1024];
            while (!context.RequestAborted.IsCancellationRequested)
                await context.Response.Body.WriteAsync(much, CancellationToken.None);
        });
        await using var connection = await RawTls.ConnectAsync(host.Shop.BaseAddress!, Cancellation);
        await connection.WriteAsync(Get + "\r\n", Cancellation);
        await gone.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);

        // By what the caller did, and not by the service's fault.
        Assert.False(host.IsLeftOut("catalog"));
        Assert.Empty(host.Failures.All);
    }

    [Fact]
    [Trait("Practice", "P29")]
    public async Task Who_never_speaks_TLS_is_cut_off()
    {
        await using var host = await GatewayHost.StartAsync();
        using var socket = new TcpClient();
        await socket.ConnectAsync("localhost", host.Shop.BaseAddress!.Port, Cancellation);
        Assert.Equal(0, await socket.GetStream().ReadAsync(new byte[1], Cancellation).AsTask().WaitAsync(TimeSpan.FromSeconds(30), Cancellation));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [Trait("Practice", "P29")]
    public async Task Over_http2_too(int begun)
    {
        await using var host = await GatewayHost.StartAsync();
        await using var connection = await RawTls.ConnectAsync(host.Shop.BaseAddress!, Cancellation, http2: true);
        await connection.WriteAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\u0004\0\0\0\0\0", Cancellation);

        // Headers of stream 1 whose end never comes.
        if (begun == 1)
            await connection.WriteAsync("\0\0\u0001\u0001\0\0\0\0\u0001\u0082", Cancellation);
        Assert.NotEmpty(await connection.ReadToEndAsync(Cancellation));
    }
}
