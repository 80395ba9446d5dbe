using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using SecureShop.Testing;

namespace SecureShop.Gateway.Tests;

/// <summary>Floods of HTTP/2 that cost their sender next to nothing: none takes what the others need, and each ends.</summary>
public sealed class Http2FloodTests
{
    private const string Path = "/api/catalog/products";
    private const int Data = 0;
    private const int Headers = 1;
    private const int Reset = 3;
    private const int Settings = 4;
    private const int Ping = 6;
    private const int Window = 8;
    private const int Continuation = 9;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("resets", 20_000)]
    [InlineData("streams", 20_000)]
    [InlineData("continuations", 20_000)]
    [InlineData("empty continuations", 200_000)]
    [InlineData("empty data", 200_000)]
    [InlineData("settings", 100_000)]
    [InlineData("pings", 100_000)]
    [InlineData("window updates of nothing", 1_000)]
    [InlineData("unknown frames", 100_000)]
    [Trait("Practice", "P29")]
    public async Task A_flood_ends_and_the_others_are_served_meanwhile_and_after(string kind, int count)
    {
        var (now, most) = (0, 0);
        await using var host = await GatewayHost.StartAsync(async (_, context) =>
        {
            var mine = Interlocked.Increment(ref now);
            for (var known = Volatile.Read(ref most); mine > known; known = Volatile.Read(ref most))
                Interlocked.CompareExchange(ref most, mine, known);
            await Task.Yield();
            Interlocked.Decrement(ref now);
            await context.Response.WriteAsync("{}");
        });
        await using var connection = await RawTls.ConnectAsync(host.Shop.BaseAddress!, Cancellation, http2: true);
        var flood = FloodAsync(connection, kind, count);
        for (var time = 0; time < 20; time++)
        {
            using var meanwhile = await host.GetAsync(Path);
            Assert.Equal(HttpStatusCode.OK, meanwhile.StatusCode);
        }

        await flood;
        using var after = await host.GetAsync(Path);
        Assert.Equal(HttpStatusCode.OK, after.StatusCode);
        Assert.False(host.IsLeftOut("catalog"));

        // A connection has a hundred streams at most.
        Assert.InRange(most, 0, 110);
        while (host.Load != (0, 0))
            await Task.Yield();
    }

    private static async Task FloodAsync(RawTls connection, string kind, int count)
    {
        var heard = connection.ReadToEndAsync(Cancellation);
        using var beginning = new MemoryStream();
        beginning.Write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8);
        Frame(beginning, Settings, 0, 0, []);
        if (kind.EndsWith("continuations", StringComparison.Ordinal))
            Frame(beginning, Headers, 1, 1, Block("GET"));
        if (kind == "empty data")
            Frame(beginning, Headers, 4, 1, Block("POST"));
        try
        {
            await connection.Stream.WriteAsync(beginning.ToArray(), Cancellation);
            for (var sent = 0; sent < count && !heard.IsCompleted; sent += 100)
            {
                using var frames = new MemoryStream();
                for (var number = sent; number < sent + 100; number++)
                    Add(frames, kind, number);
                await connection.Stream.WriteAsync(frames.ToArray(), Cancellation).AsTask().WaitAsync(TimeSpan.FromSeconds(60), Cancellation);
            }
        }
        catch (IOException)
        {
            // It was cut off.
        }

        // At the latest because nothing more comes.
        await heard;
    }

    private static void Add(MemoryStream frames, string kind, int number)
    {
        var stream = (2 * number) + 1;
        switch (kind)
        {
            case "resets":
                Frame(frames, Headers, 5, stream, Block("GET"));
                Frame(frames, Reset, 0, stream, [0, 0, 0, 8]);
                break;
            case "streams":
                Frame(frames, Headers, 5, stream, Block("GET"));
                break;
            case "continuations":
                Frame(frames, Continuation, 0, 1, [0, 1, (byte)'x', 120, .. new byte[120].Select(_ => (byte)'x')]);
                break;
            case "empty continuations":
                Frame(frames, Continuation, 0, 1, []);
                break;
            case "empty data":
                Frame(frames, Data, 0, 1, []);
                break;
            case "settings":
                Frame(frames, Settings, 0, 0, []);
                break;
            case "pings":
                Frame(frames, Ping, 0, 0, new byte[8]);
                break;
            case "window updates of nothing":
                Frame(frames, Window, 0, 0, [0, 0, 0, 0]);
                break;
            default:
                Frame(frames, 250, 0, 0, []);
                break;
        }
    }

    private static byte[] Block(string method)
    {
        var (path, host) = (Encoding.ASCII.GetBytes(Path), Encoding.ASCII.GetBytes(GatewayFactory.ShopHost));
        return [(byte)(method == "GET" ? 0x82 : 0x83), 0x87, 0x04, (byte)path.Length, .. path, 0x01, (byte)host.Length, .. host];
    }

    private static void Frame(MemoryStream to, byte type, byte flags, int stream, byte[] payload)
    {
        to.Write([(byte)(payload.Length >> 16), (byte)(payload.Length >> 8), (byte)payload.Length, type, flags, (byte)(stream >> 24), (byte)(stream >> 16), (byte)(stream >> 8), (byte)stream]);
        to.Write(payload);
    }
}
