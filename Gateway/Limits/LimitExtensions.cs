using System.Globalization;
using Microsoft.Extensions.Options;
using SecureShop.Gateway.Doors;
using SecureShop.Gateway.Events;
using SecureShop.Gateway.Routes;
using SecureShop.ServiceDefaults.Events;
using SecureShop.ServiceDefaults.Settings;
using SecureShop.ServiceDefaults.Telemetry;

namespace SecureShop.Gateway.Limits;

/// <summary>Limits per address, before anything is proven, and per principal, after.</summary>
internal static class LimitExtensions
{
    private const string Address = "address";

    public static void AddRequestLimits(this WebApplicationBuilder builder)
    {
        builder.AddValidatedOptions<LimitOptions, LimitOptions.Validator>(LimitOptions.Section);
        builder.Services.AddSingleton<RequestCounter>(services => new(services.GetRequiredService<TimeProvider>()));
    }

    /// <summary>Counts every request from outside, whatever comes of it: refusals that cost a caller nothing could be asked for without end.</summary>
    public static void UseAddressLimits(this WebApplication app)
    {
        var origins = app.Services.GetRequiredService<PublicOrigins>();
        app.UseLimits(
            Address,
            limits => limits.Address,
            context => HealthPort.Received(context) ? null : CallerKey.OfAddress(context.Connection.RemoteIpAddress),
            context => GatewayRoute.ClassOf(origins.OfRequest(context.Request) ?? Origin.Shop, context.Request.Method));
    }

    public static void UsePrincipalLimits(this WebApplication app) => app.UseLimits(
        "principal",
        limits => limits.Principal,
        context => CallerKey.OfPrincipal(context.User),
        context => context.GetEndpoint()?.Metadata.GetMetadata<GatewayRoute>()?.Class ?? LimitClass.Read);

    private static void UseLimits(
        this WebApplication app, string name, Func<ClassLimits, Quota> quota, Func<HttpContext, string?> key, Func<HttpContext, LimitClass> classOf)
    {
        var counter = app.Services.GetRequiredService<RequestCounter>();
        var options = app.Services.GetRequiredService<IOptions<LimitOptions>>().Value;
        app.Use((context, next) =>
        {
            if (key(context) is not { } caller)
                return next(context);

            var kind = classOf(context);
            var lease = counter.Take($"{name}|{kind}|{caller}", quota(options.Of(kind)));
            WriteHeaders(context.Response.Headers, name, lease);
            if (lease.Granted)
                return next(context);

            context.Response.Headers.RetryAfter = Seconds(lease.Reset);
            context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            Record(context, name, kind, lease.First);
            return Task.CompletedTask;
        });
    }

    /// <summary>One event per caller, class and window: who sends the most must not fill the log. The metrics count each.</summary>
    private static void Record(HttpContext context, string name, LimitClass kind, bool first)
    {
        var reason = name == Address ? GatewayRefusal.LimitAddress : GatewayRefusal.LimitPrincipal;
        LimitMetrics.Hit(kind.ToString(), name);
        if (first)
        {
            SecurityLog.Of(context).LimitHit(kind.ToString(), name, reason);
            return;
        }

        ShopMetrics.Refused(reason);
        RefusalEvent.MarkRecorded(context);
    }

    private static void WriteHeaders(IHeaderDictionary headers, string name, Lease lease)
    {
        headers["RateLimit-Policy"] = $"\"{name}\";q={lease.Limit};w={(int)lease.Window.TotalSeconds}";
        headers["RateLimit"] = $"\"{name}\";r={lease.Remaining};t={Seconds(lease.Reset)}";
    }

    private static string Seconds(TimeSpan time) => Math.Max(1, (int)Math.Ceiling(time.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
}
