using System.Collections.Concurrent;
using System.Net;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace SecureShop.SystemTests.Support;

/// <summary>The whole system, started once for all tests, and ended however they end.</summary>
public sealed class ShopSystem : IAsyncLifetime
{
    public const string EveryScope = "openid profile offline_access catalog.read catalog.write orders.read orders.write orders.refund orders.admin";

    private readonly ConcurrentDictionary<string, Lazy<Task<Tokens>>> signedIn = new(StringComparer.Ordinal);

    public ShopRun Run { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Run = await ShopRun.StartAsync([], builder => builder
        .CreateResourceBuilder(builder.Resources.OfType<ProjectResource>().Single(project => project.Name == "gateway"))
        .WithEnvironment("ApiKeys__KeepSeconds", "1"));

    public ValueTask DisposeAsync() => Run is null ? default : Run.DisposeAsync();

    /// <summary>A client of the gateway's shop origin, or of a service's own address.</summary>
    public Shopper Guest(Uri? at = null, IPAddress? from = null) => new(Trust.Client(Run.Place.CertificatePath, at ?? Run.Place.Shop, from), token: null);

    /// <summary>A demo user, signed in by browser, again when the token has less than two minutes left: a run may take longer than it lives.</summary>
    public async Task<Shopper> SignedInAsync(string name, Uri? at = null, string scope = EveryScope) =>
        WithToken((await TokensOfAsync(name, scope)).Access, at);

    public Shopper WithToken(string token, Uri? at = null, bool comesBack = true) =>
        new(Trust.Client(Run.Place.CertificatePath, at ?? Run.Place.Shop, comesBack: comesBack), token);

    /// <summary>Tokens that live on for two minutes at least. Tests that ask at once share a sign-in, because sign-ins are limited.</summary>
    public async Task<Tokens> TokensOfAsync(string name, string scope = EveryScope)
    {
        var key = $"{name} {scope}";
        while (true)
        {
            var signingIn = signedIn.GetOrAdd(key, _ => new(() => SignInAsync(name, scope)));
            var tokens = await signingIn.Value;
            if (Claims.Expiry(tokens.Access) - TimeProvider.System.GetUtcNow() > TimeSpan.FromMinutes(2))
                return tokens;
            signedIn.TryRemove(KeyValuePair.Create(key, signingIn));
        }
    }

    private async Task<Tokens> SignInAsync(string name, string scope)
    {
        using var browser = new Browser(Run.Place);
        return await browser.SignInAsync($"{name}@secureshop.example", Run.Place.Secrets[$"demo-{name}-password"], scope, Run.Place.Secrets.GetValueOrDefault($"demo-{name}-authenticator-key"));
    }
}
