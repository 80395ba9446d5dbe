using SecureShop.Gateway.Doors;
using SecureShop.Gateway.Headers;
using SecureShop.Gateway.Overload;
using SecureShop.ServiceDefaults.Access;
using SecureShop.ServiceDefaults.Input;
using SecureShop.ServiceDefaults.Services;
using SecureShop.ServiceDefaults.Tokens;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;

namespace SecureShop.Gateway.Routes;

/// <summary>Hands the route table to YARP.</summary>
internal static class RouteExtensions
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(20);

    public static void AddRoutes(this WebApplicationBuilder builder)
    {
        builder.Services.AddRequestTimeouts();
        var services = RouteTable.All.Select(route => route.Service).Distinct(StringComparer.Ordinal).ToList();
        builder.Services.AddKnownServices(services);
        builder.Services.AddSingleton<IForwarderHttpClientFactory, UpstreamConnections>();
        builder.Services.AddSingleton<IProxyConfigProvider>(provider => new InMemoryConfigProvider(
            [.. RouteTable.All.Select(route => ToYarp(route, provider.GetRequiredService<PublicOrigins>()))], [.. services.Select(ToCluster)]));

        // ForwardingFailures says it in a line; this would add a stack to what any caller can bring about.
        builder.Logging.AddFilter("Yarp.ReverseProxy.Forwarder", LogLevel.None);
        builder.Services.AddReverseProxy()
            .AddServiceDiscoveryDestinationResolver()
            .AddTransforms(HeaderTransforms.Apply);
    }

    public static void MapRoutes(this WebApplication app)
    {
        var routes = RouteTable.All.ToDictionary(route => route.Id, StringComparer.Ordinal);
        app.MapReverseProxy(proxy =>
        {
            proxy.Use(ForwardingFailures.RecordAsync);
            proxy.Use(app.Services.GetRequiredService<Retries>().ForwardAsync);
            proxy.Use(app.Services.GetRequiredService<Circuits>().ForwardAsync);
            proxy.UseLoadBalancing();
        }).ConfigureEndpoints((endpoint, config) =>
        {
            var route = routes[config.RouteId];
            endpoint.RequireAccess(route.Rule);
            endpoint.WithMetadata(route);
            if (route.Audience is { } api)
                endpoint.WithMetadata(new ProtectedApi(api));

            // The service knows its parameters, and refuses others.
            endpoint.AllowAnyQuery();
        });
    }

    private static RouteConfig ToYarp(GatewayRoute route, PublicOrigins origins) => new()
    {
        RouteId = route.Id,
        ClusterId = route.Service,
        Match = new RouteMatch { Hosts = [origins.HostOf(route.Origin)], Path = route.Path, Methods = route.Methods },
        MaxRequestBodySize = route.MaxBody,
        Timeout = Timeout,
        Transforms = route.Prefix is { } prefix
            ? [new Dictionary<string, string>(StringComparer.Ordinal) { ["PathRemovePrefix"] = prefix }]
            : [],
    };

    private static ClusterConfig ToCluster(string service) => new()
    {
        ClusterId = service,
        LoadBalancingPolicy = "PowerOfTwoChoices",
        Destinations = new Dictionary<string, DestinationConfig>(StringComparer.Ordinal)
        {
            [service] = new() { Address = $"https://{service}" },
        },
        HttpRequest = new() { ActivityTimeout = TimeSpan.FromSeconds(15) },
    };
}
