using SecureShop.Gateway.Doors;
using SecureShop.Gateway.Routes;
using SecureShop.ServiceDefaults.Access;
using SecureShop.ServiceDefaults.Traffic;

namespace SecureShop.Gateway.Traffic;

/// <summary>Counts every request from outside, as it was answered.</summary>
internal static class TrafficExtensions
{
    private static readonly Dictionary<GatewayRoute, int> Routes = new(RouteTable.All.Select((route, index) => KeyValuePair.Create(route, index)), ReferenceEqualityComparer.Instance);
    private static readonly bool[] HasObject = [.. RouteTable.All.Select(route => route.Path.Contains("{id:", StringComparison.Ordinal))];

    // All replicas have the key; without one the start ends, and says so.
    public static void AddTrafficFigures(this WebApplicationBuilder builder) => builder.Services.AddSingleton(services => new CallerFigures(
        services.GetRequiredService<TimeProvider>(), builder.Configuration["ServiceClient:Key"] ?? "", Routes.Count + 1));

    public static void UseTrafficFigures(this WebApplication app)
    {
        var figures = app.Services.GetRequiredService<CallerFigures>();
        app.Use(async (context, next) =>
        {
            await next(context);
            if (!HealthPort.Received(context))
                figures.Count(context.Connection.RemoteIpAddress, context.User.SubjectOrNull(), Of(context));
        });
    }

    /// <summary>What the figures say of a request. All that is no API's counts as one route more.</summary>
    public static Observation Of(HttpContext context)
    {
        var (request, response) = (context.Request, context.Response);
        var route = context.GetEndpoint()?.Metadata.GetMetadata<GatewayRoute>() is { } known && Routes.TryGetValue(known, out var index) ? index : Routes.Count;
        var id = route < Routes.Count && HasObject[route] ? request.RouteValues["id"] as string : null;
        return new(
            route, response.StatusCode, request.ContentLength ?? 0, response.ContentLength ?? 0,
            request.Headers.UserAgent.ToString().GetHashCode(StringComparison.Ordinal), id?.GetHashCode(StringComparison.OrdinalIgnoreCase));
    }
}
