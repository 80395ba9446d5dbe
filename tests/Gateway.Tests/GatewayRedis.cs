using SecureShop.Browsing;
using SecureShop.Testing;
using StackExchange.Redis;

[assembly: AssemblyFixture(typeof(SecureShop.Gateway.Tests.GatewayRedis))]
[assembly: AssemblyFixture(typeof(ChromiumFixture))]

namespace SecureShop.Gateway.Tests;

/// <summary>The Redis that all gateways of these tests count in, each in a space of its own.</summary>
public sealed class GatewayRedis : IAsyncLifetime
{
    private static RedisFixture redis = null!;
    private static ConnectionMultiplexer connection = null!;

    /// <summary>What a gateway is told of it.</summary>
    internal static IEnumerable<(string Key, string Value)> Settings => redis.Settings.Select(setting => (setting.Name, setting.Value!));

    /// <summary>Lets time pass for what is owed in <paramref name="space"/>: the clock of Redis cannot be moved.</summary>
    internal static async Task PassAsync(string space, TimeSpan time)
    {
        var database = connection.GetDatabase();
        foreach (var key in await NamesAsync(space))
        {
            if (await database.StringGetAsync(key) is { HasValue: true } owed)
                await database.StringSetAsync(key, (long)owed - (long)time.TotalMicroseconds, TimeSpan.FromMinutes(5));
        }
    }

    /// <summary>The names of what is counted in <paramref name="space"/>.</summary>
    internal static async Task<List<string>> NamesAsync(string space)
    {
        List<string> names = [];
        await foreach (var key in connection.GetServers()[0].KeysAsync(pattern: $"limits:{{{space}}}:*"))
            names.Add(key.ToString());
        return names;
    }

    public async ValueTask InitializeAsync()
    {
        redis = new();
        await redis.InitializeAsync();
        connection = await ConnectAsync(redis.ConnectionString);
    }

    public async ValueTask DisposeAsync()
    {
        await connection.DisposeAsync();
        await redis.DisposeAsync();
    }

    private static async Task<ConnectionMultiplexer> ConnectAsync(string address)
    {
        var options = ConfigurationOptions.Parse(address);
        options.SslClientAuthenticationOptions = host => new() { TargetHost = host, CertificateChainPolicy = TestCertificate.TrustOnly(TestCertificate.Leaf) };
        return await ConnectionMultiplexer.ConnectAsync(options);
    }
}

/// <summary>Settings of limits: so much at once, and then nothing for as long as a test may take.</summary>
internal static class TestLimits
{
    public static readonly string[] All =
        ["address_read", "address_write", "address_credential", "address_token", "subject_read", "subject_write", "client_read", "client_write", "key_read", "key_write"];

    public static (string Key, string Value)[] Of(string limit, int permits, string window = "01:00:00") =>
    [
        ($"Limits:Policies:{limit}:Permits", $"{permits}"), ($"Limits:Policies:{limit}:Burst", $"{permits}"), ($"Limits:Policies:{limit}:Window", window),
    ];
}
