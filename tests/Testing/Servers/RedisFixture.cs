using SecureShop.EmbeddedServers;
using Xunit;

namespace SecureShop.Testing;

/// <summary>One real Redis for a test process: <c>[assembly: AssemblyFixture(typeof(RedisFixture))]</c>.</summary>
public sealed class RedisFixture : IAsyncLifetime
{
    private readonly TestServers _embedded = new();
    private RedisServer? _server;

    /// <summary>Starts the server.</summary>
    public async ValueTask InitializeAsync()
        => _server = await _embedded.StartRedisAsync(TestContext.Current.CancellationToken);

    /// <summary>The StackExchange.Redis connection string.</summary>
    public string ConnectionString
        => (_server ?? throw new InvalidOperationException("The fixture was not started.")).ConnectionString;

    /// <summary>The certificate to trust, as a PEM file.</summary>
    public string AuthorityPath => TestCertificate.RootFile;

    /// <summary>Ends the server.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        _embedded.Dispose();
    }
}
