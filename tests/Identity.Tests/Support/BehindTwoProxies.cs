extern alias gateway;

using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using SecureShop.Testing;

namespace SecureShop.Identity.Tests.Support;

/// <summary>As in Container Apps: caller, ingress, the real gateway, ingress, Identity.</summary>
public sealed class BehindTwoProxies : IAsyncDisposable
{
    public const string Name = "id.example";

    private static readonly string Inside = Ingress.Inside(1);

    private readonly Ingress outer;
    private readonly Ingress inner;
    private readonly IdentityHost identity;
    private readonly WebApplicationFactory<gateway::Program> gateway;

    private BehindTwoProxies(Ingress outer, Ingress inner, IdentityHost identity, WebApplicationFactory<gateway::Program> gateway)
        => (this.outer, this.inner, this.identity, this.gateway) = (outer, inner, identity, gateway);

    /// <summary>Starts all of it, Identity with <paramref name="hops"/> for <c>Proxies:Hops</c>.</summary>
    public static async Task<BehindTwoProxies> StartAsync(PostgresFixture postgres, RedisFixture redis, int hops)
    {
        var first = await Ingress.StartAsync(Name);
        var second = await Ingress.StartAsync(Inside);

        // The gateway's own address is the second proxy's.
        var service = await IdentityHost.StartPlainAsync(
            postgres, ("Identity:Issuer", $"https://{Name}"), ("Attempts:PerAddress", "10"),
            ("Proxies:Networks", $"{Ingress.Network},127.0.0.1/32"), ("Proxies:Hops", $"{hops}"));
        second.Route(Inside, service.Address);
        var door = new WebApplicationFactory<gateway::Program>().WithWebHostBuilder(host =>
        {
            foreach (var (key, value) in ((string, string)[])
            [
                ("Identity:Issuer", $"https://{Name}"), ("Shop:Origin", "https://shop.example"), ("Proxies:Networks", Ingress.Network),
                ("ConnectionStrings:redis", redis.ConnectionString), ("Redis:TimeoutMilliseconds", "10000"), ("ServiceClient:Id", "gateway"), ("ServiceClient:Key", ClientKeys.Private()),
                ("Services:TrustedRoots", second.TrustedRoots), ("services:identity:https:0", second.Address(Inside).AbsoluteUri),
                ("services:catalog:https:0", "https://localhost:1"), ("services:orders:https:0", "https://localhost:1"),
            ])
                host.UseSetting(key, value);
        });
        door.UseKestrel(options => options.Listen(IPAddress.Loopback, 0));
        door.StartServer();
        first.Route(Name, new Uri(door.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()));
        return new(first, second, service, door);
    }

    public Browser Browse(string from) => new(outer.Client(Name, from));

    public async ValueTask DisposeAsync()
    {
        await outer.DisposeAsync();
        await gateway.DisposeAsync();
        await inner.DisposeAsync();
        await identity.DisposeAsync();
    }
}
