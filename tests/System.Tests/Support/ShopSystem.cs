using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace SecureShop.SystemTests.Support;

/// <summary>The whole system, started once for all tests, and ended however they end.</summary>
public sealed class ShopSystem : IAsyncLifetime
{
    public const string EveryScope = "openid profile offline_access catalog.read catalog.write orders.read orders.write orders.refund orders.admin";

    private readonly ConcurrentDictionary<string, Task<Tokens>> signedIn = new(StringComparer.Ordinal);
    private readonly AppHostPlace place = AppHostPlace.Create();

    public AppHostRun Run { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Run = await AppHostRun.StartAsync(place);

    public async ValueTask DisposeAsync()
    {
        // Null where it never became healthy; what it started has to be gone then, too.
        if (Run is not null)
            await Run.DisposeAsync();
        var left = LeftProcesses.Of(place.Directory);
        Directory.Delete(place.Directory, recursive: true);
        Assert.True(left.Count == 0, $"These processes were left: {string.Join("; ", left)}");
    }

    /// <summary>A client of the gateway's shop origin, or of a service's own address.</summary>
    public Shopper Guest(Uri? at = null, IPAddress? from = null) => new(Trust.Client(Run.Ready.AuthorityPath, at ?? Run.Place.Shop, from), token: null);

    /// <summary>A demo user, signed in by browser once a run.</summary>
    public async Task<Shopper> SignedInAsync(string name, Uri? at = null, string scope = EveryScope) =>
        WithToken((await TokensOfAsync(name, scope)).Access, at);

    public Shopper WithToken(string token, Uri? at = null) => new(Trust.Client(Run.Ready.AuthorityPath, at ?? Run.Place.Shop), token);

    public Task<Tokens> TokensOfAsync(string name, string scope = EveryScope) => signedIn.GetOrAdd($"{name} {scope}", async _ =>
    {
        using var browser = new Browser(Run);
        return await browser.SignInAsync($"{name}@secureshop.example", Run.Ready.Parameters[$"demo-{name}-password"], scope);
    });
}

/// <summary>Someone who calls the API, with or without a token.</summary>
public sealed class Shopper(HttpClient client, string? token) : IDisposable
{
    public HttpClient Client => client;

    public Task<HttpResponseMessage> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? json = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        if (json is not null)
            request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return await SendAsync(request);
    }

    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request)
    {
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public Task<HttpResponseMessage> OrderAsync(Guid product, int quantity = 1, string? key = null, string path = "/api/orders") => SendAsync(
        HttpMethod.Post, path, $$"""{"lines":[{"productId":"{{product}}","quantity":{{quantity}}}]}""", ("Idempotency-Key", key ?? Guid.NewGuid().ToString()));

    public void Dispose() => client.Dispose();
}
