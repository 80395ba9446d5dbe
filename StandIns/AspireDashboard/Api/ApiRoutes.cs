using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace SecureShop.StandIns.AspireDashboard.Api;

/// <summary>Everything under /api. None of it is marked anonymous: all of it needs the session.</summary>
internal static class ApiRoutes
{
    public static void Map(IEndpointRouteBuilder routes, Dashboard dashboard)
    {
        routes.MapGet("/api/live", context => dashboard.Live.StreamAsync(context, dashboard.Sessions));
        new StatusRoutes(dashboard).Map(routes);
        new ResourceRoutes(dashboard.Host).Map(routes);
        new ConsoleRoutes(dashboard.Console).Map(routes);
        new LogRoutes(dashboard.Logs).Map(routes);
        new MetricRoutes(dashboard.Metrics, dashboard.Clock).Map(routes);
        new SecurityRoutes(dashboard.Security).Map(routes);
        new TraceRoutes(dashboard.Traces, dashboard.Logs).Map(routes);
    }
}
