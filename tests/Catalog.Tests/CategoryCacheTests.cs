using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SecureShop.Catalog.Categories;
using SecureShop.Catalog.Contracts;
using SecureShop.Testing;
using StackExchange.Redis;

namespace SecureShop.Catalog.Tests;

/// <summary>The cache on a real Redis that goes away.</summary>
public sealed class CategoryCacheTests
{
    private static readonly CategoryResponse[] Counted = [new("toys", "Toys \"and\" games", 3), new("pets", "Pets", 0)];

    [Fact]
    [Trait("Practice", "P38")]
    public async Task It_keeps_counts_ignores_rubbish_and_lets_go_when_Redis_is_gone()
    {
        var redis = new RedisFixture();
        await redis.InitializeAsync();
        var log = new CountingLogger();
        var options = ConfigurationOptions.Parse(redis.ConnectionString);
        options.AbortOnConnectFail = false;
        using var authority = X509CertificateLoader.LoadCertificateFromFile(redis.AuthorityPath);
        options.CertificateValidation += (_, certificate, _, _) => Trusted(certificate!, authority);
        using var connection = await ConnectionMultiplexer.ConnectAsync(options);
        await using var services = new ServiceCollection().AddSingleton<IConnectionMultiplexer>(connection).BuildServiceProvider();
        var cache = new CategoryCache(services, TimeProvider.System, log);
        var token = TestContext.Current.CancellationToken;

        // Other tests load the machine: a wait that ran out is asked again.
        await EventuallyAsync(async () =>
        {
            await cache.WriteAsync(Counted, token);
            return Counted.SequenceEqual(await cache.ReadAsync(token) ?? []);
        });
        var lifetime = await connection.GetDatabase().KeyTimeToLiveAsync("catalog:categories:v1");
        Assert.InRange(lifetime!.Value, TimeSpan.Zero, TimeSpan.FromSeconds(30));

        await connection.GetDatabase().StringSetAsync("catalog:categories:v1", "{not json");
        Assert.Null(await cache.ReadAsync(token));

        await redis.DisposeAsync();
        var before = log.Warnings;
        for (var index = 0; index < 20; index++)
            Assert.Null(await cache.ReadAsync(token));
        Assert.InRange(log.Warnings, before, before + 1);
        Assert.True(log.Warnings > 0);
    }

    private static bool Trusted(X509Certificate certificate, X509Certificate2 authority)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        using var copy = new X509Certificate2(certificate);
        return chain.Build(copy);
    }

    private static async Task EventuallyAsync(Func<Task<bool>> holds)
    {
        while (!await holds())
            await Task.Delay(TimeSpan.FromMilliseconds(100), TestContext.Current.CancellationToken);
    }

    private sealed class CountingLogger : ILogger<CategoryCache>
    {
        private int _warnings;

        public int Warnings => Volatile.Read(ref _warnings);

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
            => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel == LogLevel.Warning)
                Interlocked.Increment(ref _warnings);
        }
    }
}
