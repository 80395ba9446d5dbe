using System.Collections.Concurrent;
using System.Net;

namespace SecureShop.SystemTests.Support;

/// <summary>The whole system, started once for all tests, and ended however they end.</summary>
public sealed class ShopSystem : IAsyncLifetime
{
    public const string EveryScope = "openid profile offline_access catalog.read catalog.write orders.read orders.write orders.refund orders.admin";

    private readonly ConcurrentDictionary<string, Task<Tokens>> signedIn = new(StringComparer.Ordinal);

    public ShopRun Run { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Run = await ShopRun.StartAsync([]);

    public ValueTask DisposeAsync() => Run is null ? default : Run.DisposeAsync();

    /// <summary>A client of the gateway's shop origin, or of a service's own address.</summary>
    public Shopper Guest(Uri? at = null, IPAddress? from = null) => new(Trust.Client(Run.Place.CertificatePath, at ?? Run.Place.Shop, from), token: null);

    /// <summary>A demo user, signed in by browser once a run.</summary>
    public async Task<Shopper> SignedInAsync(string name, Uri? at = null, string scope = EveryScope) =>
        WithToken((await TokensOfAsync(name, scope)).Access, at);

    public Shopper WithToken(string token, Uri? at = null) => new(Trust.Client(Run.Place.CertificatePath, at ?? Run.Place.Shop), token);

    public Task<Tokens> TokensOfAsync(string name, string scope = EveryScope) => signedIn.GetOrAdd($"{name} {scope}", async _ =>
    {
        using var browser = new Browser(Run.Place);
        return await browser.SignInAsync($"{name}@secureshop.example", Run.Place.Secrets[$"demo-{name}-password"], scope);
    });
}
