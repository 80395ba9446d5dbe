using System.Globalization;
using Microsoft.Extensions.Options;
using SecureShop.Gateway.Events;
using SecureShop.Gateway.Routes;
using SecureShop.ServiceDefaults;

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

    public static void UseAddressLimits(this WebApplication app) => app.UseLimits(
        Address, limits => limits.Address, context => CallerKey.OfAddress(context.Connection.RemoteIpAddress));

    public static void UsePrincipalLimits(this WebApplication app) => app.UseLimits(
        "principal", limits => limits.Principal, context => CallerKey.OfPrincipal(context.User));

    private static void UseLimits(this WebApplication app, string name, Func<ClassLimits, Quota> quota, Func<HttpContext, string?> key)
    {
        var counter = app.Services.GetRequiredService<RequestCounter>();
        var options = app.Services.GetRequiredService<IOptions<LimitOptions>>().Value;
        app.Use((context, next) =>
        {
            if (IsInternal(context) || key(context) is not { } caller)
                return next(context);

            // An unknown path counts as reading, or guessing paths would be free.
            var kind = context.GetEndpoint()?.Metadata.GetMetadata<GatewayRoute>()?.Class ?? LimitClass.Read;
            var lease = counter.Take($"{name}|{kind}|{caller}", quota(options.Of(kind)));
            Tell(context.Response.Headers, name, lease);
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
        var reason = name == Address ? RefusalReason.LimitAddress : RefusalReason.LimitPrincipal;
        ShopMetrics.LimitHit(kind.ToString(), name);
        if (first)
        {
            SecurityLog.Of(context).LimitHit(kind.ToString(), name, reason);
            return;
        }

        ShopMetrics.Refused(reason);
        SecurityLog.Settle(context);
    }

    private static bool IsInternal(HttpContext context)
        => context.GetEndpoint()?.Metadata.GetMetadata<AccessRule>()?.Kind == AccessKind.Internal;

    private static void Tell(IHeaderDictionary headers, string name, Lease lease)
    {
        headers["RateLimit-Policy"] = $"\"{name}\";q={lease.Limit};w={(int)lease.Window.TotalSeconds}";
        headers["RateLimit"] = $"\"{name}\";r={lease.Remaining};t={Seconds(lease.Reset)}";
    }

    private static string Seconds(TimeSpan time) => Math.Max(1, (int)Math.Ceiling(time.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
}
