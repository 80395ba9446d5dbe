using System.Net;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using SecureShop.EmbeddedServers;
using SecureShop.ServiceDefaults.Access;
using SecureShop.ServiceDefaults.Revocations;
using SecureShop.Testing;

namespace SecureShop.Gateway.Tests;

/// <summary>Two gateways and whoever revokes, at one Redis of their own, to which the line can be cut: what one test ends is not another's.</summary>
public sealed class RevokingShop : IAsyncLifetime
{
    /// <summary>What reads and what changes something.</summary>
    public const string Path = "/api/orders";

    /// <summary>A second key of the issuer's.</summary>
    public const string OtherKey = "other-key";

    /// <summary>How soon every gateway knows: two seconds, and five times that on a machine that runs other tests beside it.</summary>
    public static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly ECDsa Other = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    private readonly TestServers servers = new();
    private readonly List<GatewayHost> gateways = [];
    private RedisServer redis = null!;
    private TestFeed feed = null!;

    internal CutLine Line { get; private set; } = null!;

    internal IReadOnlyList<GatewayHost> Gateways => gateways;

    /// <summary>Settings of the Redis behind the line.</summary>
    internal (string Key, string Value)[] Settings =>
        [("ConnectionStrings:redis", $"localhost:{Line.Port},password={servers.Password},ssl=true"), ("Services:TrustedRoots", TestCertificate.RootFile), ("Redis:TimeoutMilliseconds", "1000")];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        redis = await servers.StartRedisAsync(Cancellation);
        Line = new CutLine(redis.Port);
        Line.Mend();
        feed = await TestFeed.StartAsync(Settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)));
        await AddGatewayAsync();
        await AddGatewayAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var gateway in gateways)
            await gateway.DisposeAsync();
        await feed.DisposeAsync();
        await Line.DisposeAsync();
        await redis.DisposeAsync();
        servers.Dispose();
    }

    public void Revoke(RevocationKind kind, string value) => feed.Feed.Revoke(kind, value);

    internal async Task<GatewayHost> AddGatewayAsync()
    {
        var gateway = await GatewayHost.StartAsync(settings: Settings);
        gateway.Issuer.Answer = () => Results.Json(TestTokens.KeySet((TestTokens.KeyId, TestTokens.Key), (OtherKey, Other)));
        gateways.Add(gateway);
        return gateway;
    }

    /// <summary>A Redis that knows nothing in the place of the one that there was.</summary>
    public async Task RestartRedisAsync()
    {
        await redis.DisposeAsync();
        redis = await servers.StartRedisAsync(Cancellation);
        Line.Cut();
        Line.Mend(redis.Port);
    }

    /// <summary>A token for one's own orders.</summary>
    public static string Token(string subject, params (string Claim, string Value)[] claims)
        => TestTokens.Create("orders", subject, [Scope.OrdersRead, Scope.OrdersWrite], [Role.Customer], token => Array.ForEach(claims, claim => token.Claims[claim.Claim] = claim.Value));

    /// <summary>The same, signed by the other key.</summary>
    public static string OtherKeysToken(string subject) => TestTokens.Create("orders", subject, [Scope.OrdersRead, Scope.OrdersWrite], [Role.Customer], token =>
    {
        token.Header["kid"] = OtherKey;
        token.Sign = input => Other.SignData(input, HashAlgorithmName.SHA256);
    });

    /// <summary>What each gateway answers.</summary>
    internal async Task<HttpStatusCode[]> AskAsync(string token, HttpMethod? method = null)
        => await Task.WhenAll(gateways.Select(async gateway =>
        {
            using var answer = await gateway.SendAsync(method ?? HttpMethod.Get, Path, token);
            return answer.StatusCode;
        }));

    /// <summary>Asks until all gateways answer with <paramref name="status"/>, and tells how long that took.</summary>
    internal async Task<TimeSpan> UntilAsync(HttpStatusCode status, string token, HttpMethod? method = null)
    {
        var began = TimeProvider.System.GetTimestamp();
        while ((await AskAsync(token, method)).Any(answer => answer != status))
        {
            Assert.InRange(TimeProvider.System.GetElapsedTime(began), TimeSpan.Zero, Patience);
            await Task.Delay(TimeSpan.FromMilliseconds(25), Cancellation);
        }

        return TimeProvider.System.GetElapsedTime(began);
    }
}
