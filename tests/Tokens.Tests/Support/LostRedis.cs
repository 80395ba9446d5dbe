using SecureShop.EmbeddedServers;
using SecureShop.Testing;

namespace SecureShop.Tokens.Tests.Support;

/// <summary>A Redis of a test's own, whose line can be cut.</summary>
internal sealed class LostRedis : IAsyncDisposable
{
    private readonly TestServers servers = new();
    private RedisServer server = null!;

    public CutLine Line { get; private set; } = null!;

    public (string Name, string? Value)[] Settings =>
        [("ConnectionStrings:redis", $"localhost:{Line.Port},password={servers.Password},ssl=true"), ("Redis:TimeoutMilliseconds", "500")];

    public static async Task<LostRedis> StartAsync()
    {
        var redis = new LostRedis();
        redis.server = await redis.servers.StartRedisAsync(TestContext.Current.CancellationToken);
        redis.Line = new CutLine(redis.server.Port);
        redis.Line.Mend();
        return redis;
    }

    public async ValueTask DisposeAsync()
    {
        await Line.DisposeAsync();
        await server.DisposeAsync();
        servers.Dispose();
    }
}
