using SecureShop.Testing;

namespace SecureShop.Gateway.Tests;

/// <summary>One gateway behind one ingress, as in Container Apps.</summary>
public sealed class BehindIngress : IAsyncLifetime
{
    public const string Shop = "shop.example";
    public const string Identity = "id.example";
    public const string Foreign = "foreign.example";
    public const int Limit = 5;

    public Ingress Ingress { get; private set; } = null!;

    internal GatewayHost Gateway { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        if (!Ingress.IsPossible)
            return;
        Ingress = await Ingress.StartAsync(Shop, Identity, Foreign, "lost", "two.example");
        Gateway = await StartAsync(Ingress, Shop, TestLimits.Of("address_read", Limit));
        Gateway.Clock.Stop();
        Ingress.Route(Identity, Gateway.Plain.BaseAddress!);
        Ingress.Route(Foreign, Gateway.Plain.BaseAddress!);
    }

    public async ValueTask DisposeAsync()
    {
        if (!Ingress.IsPossible)
            return;
        await Gateway.DisposeAsync();
        await Ingress.DisposeAsync();
    }

    internal static async Task<GatewayHost> StartAsync(Ingress ingress, string shop, params (string, string)[] settings)
    {
        var gateway = await GatewayHost.StartAsync(
            settings: [("Shop:Origin", $"https://{shop}"), ("Identity:Issuer", $"https://{Identity}"), ("Proxies:Networks", Ingress.Network), .. settings]);
        ingress.Route(shop, gateway.Plain.BaseAddress!, allowInsecure: true);
        return gateway;
    }
}
