using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using SecureShop.Gateway.Overload;
using SecureShop.ServiceDefaults;
using SecureShop.ServiceDefaults.Traffic;
using SecureShop.Testing;
using Yarp.ReverseProxy;

namespace SecureShop.Gateway.Tests;

/// <summary>
/// The real gateway on real listeners, before upstreams that tell what they were sent. Limits are far away unless a
/// test sets them.
/// </summary>
internal sealed class GatewayHost : IAsyncDisposable
{
    private readonly TestIssuer identity;
    private readonly LoopbackServer catalog;
    private readonly LoopbackServer orders;
    private readonly GatewayFactory factory;

    private GatewayHost(TestIssuer identity, LoopbackServer catalog, LoopbackServer orders, GatewayFactory factory)
    {
        (this.identity, this.catalog, this.orders, this.factory) = (identity, catalog, orders, factory);
        Shop = factory.Client(factory.TlsPort, GatewayFactory.ShopHost);
        Identity = factory.Client(factory.TlsPort, GatewayFactory.IdentityHost);
        Plain = factory.Client(factory.PlainPort, host: null);
        Health = factory.Client(factory.HealthPort, host: null);
    }

    public HttpClient Shop { get; }

    public HttpClient Identity { get; }

    public HttpClient Plain { get; }

    public HttpClient Health { get; }

    /// <summary>Whose keys it believes in.</summary>
    public TestIssuer Issuer => identity;

    public TestClock Clock => factory.Clock;

    /// <summary>Where it counts what callers ask.</summary>
    public string Space => factory.Space;

    public RecordedEvents Events => factory.Events;

    public RecordedEvents Log => factory.Log;

    /// <summary>What the log says of requests that could not be forwarded.</summary>
    public RecordedEvents Failures => factory.Failures;

    /// <summary>What the log says of replicas that are left alone.</summary>
    public RecordedEvents Circuits => factory.Circuits;

    /// <summary>What the proxy itself says of them: nothing.</summary>
    public RecordedEvents Proxy => factory.Proxy;

    /// <summary>What the log says of the lists of callers.</summary>
    public RecordedEvents Lists => factory.Lists;

    /// <summary>What it has counted of its callers.</summary>
    public CallerFigures Figures => factory.Services.GetRequiredService<CallerFigures>();

    /// <summary>Starts one. <paramref name="upstream"/> answers for all services; by default with an echo of what reached it.</summary>
    public static async Task<GatewayHost> StartAsync(Func<string, HttpContext, Task>? upstream = null, params (string Key, string Value)[] settings)
    {
        upstream ??= EchoAsync;
        var issuer = await TestIssuer.StartAsync(app => app.Map("/{**path}", context => upstream("identity", context)));
        var products = await ServiceAsync("catalog", upstream);
        var sales = await ServiceAsync("orders", upstream);
        var gateway = new GatewayFactory(
        [
            .. issuer.Settings.Select(setting => (setting.Key, setting.Value!)),
            ("services:catalog:https:0", products.Address.AbsoluteUri),
            ("services:orders:https:0", sales.Address.AbsoluteUri),
            .. settings,
        ]);
        gateway.Starting.Watch(gateway.StartServer);
        return new(issuer, products, sales, gateway);
    }

    public Task<HttpResponseMessage> GetAsync(string path, string? token = null) => SendAsync(HttpMethod.Get, path, token);

    public Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? token = null, HttpContent? content = null, params (string Name, string Value)[] headers)
        => SendAsync(Shop, method, path, token, content, headers);

    public static async Task<HttpResponseMessage> SendAsync(
        HttpClient client, HttpMethod method, string path, string? token = null, HttpContent? content = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        foreach (var (name, value) in headers)
            Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        return await client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    /// <summary>Whether requests are kept from <paramref name="service"/>, because too many failed there.</summary>
    public bool IsLeftOut(string service)
        => factory.Services.GetRequiredService<IProxyStateLookup>().TryGetCluster(service, out var cluster)
            && cluster.Destinations.Values.Any(replica => factory.Services.GetRequiredService<Circuits>().Of(replica).IsOpen);

    /// <summary>How many requests are served at the moment, and how many wait for that.</summary>
    public (int Served, int Waiting) Load => factory.Services.GetRequiredService<Admission>().Count();

    /// <summary>Lets time pass, for the gateway and for what it counts.</summary>
    public Task PassAsync(TimeSpan time)
    {
        Clock.Advance(time);
        return GatewayRedis.PassAsync(Space, time);
    }

    public Task StopCatalogAsync() => catalog.DisposeAsync().AsTask();

    public async ValueTask DisposeAsync()
    {
        foreach (var client in new[] { Shop, Identity, Plain, Health })
            client.Dispose();
        await factory.DisposeAsync();
        await catalog.DisposeAsync();
        await orders.DisposeAsync();
        await identity.DisposeAsync();
    }

    /// <summary>Answers as the catalog: with what reached it.</summary>
    public static Task EchoAsync(HttpContext context) => EchoAsync("catalog", context);

    // With the limits on requests that the real ones have.
    private static Task<LoopbackServer> ServiceAsync(string name, Func<string, HttpContext, Task> upstream)
        => new LoopbackServer(app => app.Run(context => upstream(name, context)), build: builder => builder.AddServiceDefaults()).StartAsync();

    private static async Task EchoAsync(string service, HttpContext context)
    {
        await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
        await context.Response.WriteAsJsonAsync(new Echo(
            service,
            context.Request.Method,
            context.Request.Path.Value + context.Request.QueryString.Value,
            context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase)));
    }
}

/// <summary>What reached an upstream.</summary>
internal sealed record Echo(string Service, string Method, string Path, Dictionary<string, string> Headers);
