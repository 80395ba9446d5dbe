using System.Runtime.Versioning;
using SecureShop.Testing;

// The embedded servers run on Linux and macOS; on Windows through WSL 2.
[assembly: UnsupportedOSPlatform("windows")]
[assembly: AssemblyFixture(typeof(SecureShop.EmbeddedServers.Tests.Running))]

namespace SecureShop.EmbeddedServers.Tests;

/// <summary>An embedded Postgres and an embedded Redis for all tests, also where Docker runs.</summary>
public sealed class Running : IAsyncLifetime
{
    private PostgresServer? _postgres;
    private RedisServer? _redis;

    /// <summary>Their folder and password.</summary>
    public TestServers Place { get; } = new();

    /// <summary>The Postgres.</summary>
    public PostgresServer Postgres => _postgres ?? throw new InvalidOperationException("The fixture was not started.");

    /// <summary>The Redis.</summary>
    public RedisServer Redis => _redis ?? throw new InvalidOperationException("The fixture was not started.");

    /// <summary>Starts both.</summary>
    public async ValueTask InitializeAsync()
    {
        _postgres = await Place.StartPostgresAsync(TestContext.Current.CancellationToken);
        _redis = await Place.StartRedisAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Ends both.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_redis is not null)
            await _redis.DisposeAsync();
        if (_postgres is not null)
            await _postgres.DisposeAsync();
        Place.Dispose();
    }
}
