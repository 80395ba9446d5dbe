using SecureShop.Testing;

namespace SecureShop.Identity.Tests.Support;

/// <summary>One host for tests that move its time; each brings people of its own.</summary>
public sealed class ClockedHost(PostgresFixture postgres) : IAsyncLifetime
{
    public IdentityHost Host { get; private set; } = null!;

    public TestClock Clock { get; } = new();

    public async ValueTask InitializeAsync() => Host = await IdentityHost.StartAtAsync(await IdentityHost.MigratedAsync(postgres), Clock);

    public ValueTask DisposeAsync() => Host.DisposeAsync();
}
