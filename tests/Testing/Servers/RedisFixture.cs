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

    /// <summary>
    /// What a service is told of it. It gets ten seconds for an answer: half a second is nothing on a machine that runs tests, and only
    /// tests of outages want to see what comes then.
    /// </summary>
    public (string Name, string? Value)[] Settings =>
    [
        ("ConnectionStrings:redis", ConnectionString), ("Services:TrustedRoots", AuthorityPath), ("Redis:TimeoutMilliseconds", "10000"),
    ];

    /// <summary>Ends the server.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        _embedded.Dispose();
    }
}
