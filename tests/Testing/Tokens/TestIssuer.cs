using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace SecureShop.Testing;

/// <summary>
/// Stands where the identity server stands: publishes the key of <see cref="TestTokens"/> over https on loopback.
/// Give <see cref="Settings"/> to the service under test.
/// </summary>
public sealed class TestIssuer : IAsyncDisposable
{
    private readonly LoopbackServer server;
    private int requests;

    private TestIssuer() => server = new LoopbackServer(app =>
    {
        app.MapGet("/.well-known/openid-configuration/jwks", () =>
        {
            Interlocked.Increment(ref requests);
            return Answer();
        });
        Routes?.Invoke(app);
    });

    /// <summary>What the keys' address answers; a test may change it.</summary>
    public Func<IResult> Answer { get; set; } = () => Results.Json(TestTokens.KeySet());

    /// <summary>Further routes of the issuer, such as a token endpoint.</summary>
    public Action<WebApplication>? Routes { get; private init; }

    /// <summary>How often the keys were asked for.</summary>
    public int Requests => Volatile.Read(ref requests);

    /// <summary>Where it listens.</summary>
    public Uri Address => server.Address;

    /// <summary>The configuration that makes a service trust this issuer.</summary>
    public Dictionary<string, string?> Settings => new(StringComparer.OrdinalIgnoreCase)
    {
        ["Identity:Issuer"] = TestTokens.Issuer,
        ["Shop:Origin"] = TestTokens.ShopOrigin,
        ["services:identity:https:0"] = Address.AbsoluteUri,
        ["Audit:Key"] = TestKeys.Audit,
        ["Services:TrustedRoots"] = TestCertificate.RootFile,
    };

    /// <summary>Starts one on a free port.</summary>
    public static async Task<TestIssuer> StartAsync(Action<WebApplication>? routes = null)
    {
        var issuer = new TestIssuer { Routes = routes };
        await issuer.server.StartAsync();
        return issuer;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => server.DisposeAsync();
}
