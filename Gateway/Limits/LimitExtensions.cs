using SecureShop.Gateway.Doors;
using SecureShop.Gateway.Events;
using SecureShop.Gateway.Routes;
using SecureShop.ServiceDefaults.Access;
using SecureShop.ServiceDefaults.Events;
using SecureShop.ServiceDefaults.Redis;
using SecureShop.ServiceDefaults.Settings;
using SecureShop.ServiceDefaults.Telemetry;

namespace SecureShop.Gateway.Limits;

/// <summary>How often callers may ask, over all replicas.</summary>
internal static class LimitExtensions
{
    // After which a Redis that was away is asked again.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    public static void AddRequestLimits(this WebApplicationBuilder builder)
    {
        builder.AddShopRedis();
        builder.AddValidatedOptions<LimitOptions, LimitOptions.Validator>(LimitOptions.Section);
        builder.Services.AddSingleton<RequestLimits>();
    }

    /// <summary>Ends requests of addresses that are known to have asked too often, before anything costs more than that.</summary>
    public static void UseHopelessRefusals(this WebApplication app) => app.UseLimits((limits, kind, context) =>
    {
        var claims = limits.ClaimsOf(kind, partition => CallerKey.Of(context, partition), partition => partition == Partition.Address);
        return ValueTask.FromResult(limits.RefuseHopeless(kind, claims));
    });

    /// <summary>Counts every request from outside, whatever comes of it: refusals that cost a caller nothing could be asked for without end.</summary>
    public static void UseRequestLimits(this WebApplication app) => app.UseLimits((limits, kind, context)
        => limits.DecideAsync(kind, limits.ClaimsOf(kind, partition => CallerKey.Of(context, partition)))!);

    private static void UseLimits(this WebApplication app, Func<RequestLimits, LimitClass, HttpContext, ValueTask<Decision?>> decide)
    {
        var limits = app.Services.GetRequiredService<RequestLimits>();
        var origins = app.Services.GetRequiredService<PublicOrigins>();
        app.Use((context, next) =>
        {
            if (HealthPort.Received(context))
                return next(context);
            var kind = GatewayRoute.ClassOf(origins.OfRequest(context.Request) ?? Origin.Shop, context.Request.Method, context.Request.Path);
            var decision = decide(limits, kind, context);
            return decision.IsCompletedSuccessfully ? FollowAsync(context, next, limits, decision.Result) : AwaitAsync(context, next, limits, decision);
        });
    }

    private static async Task AwaitAsync(HttpContext context, RequestDelegate next, RequestLimits limits, ValueTask<Decision?> decision)
        => await FollowAsync(context, next, limits, await decision);

    private static Task FollowAsync(HttpContext context, RequestDelegate next, RequestLimits limits, Decision? decision)
    {
        if (decision is { Answer: not Answer.Unknown })
            LimitHeaders.Write(context.Response.Headers, decision);
        if (decision is null or { Answer: Answer.Granted })
            return next(context);
        if (decision.Answer == Answer.Unknown)
            Postpone(context);
        else
            Refuse(context, limits, decision);
        return Task.CompletedTask;
    }

    private static void Refuse(HttpContext context, RequestLimits limits, Decision decision)
    {
        var (claim, wait) = decision.Longest();
        context.Response.Headers.RetryAfter = LimitHeaders.Seconds(wait);
        context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
        Record(context, decision.Class.ToString(), claim, limits.TryTell(claim));
    }

    private static void Postpone(HttpContext context)
    {
        context.Response.Headers.RetryAfter = LimitHeaders.Seconds(Pause);
        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        ShopMetrics.Refused(GatewayRefusal.LimitUnknown);
    }

    /// <summary>One event per caller, limit and window: who sends the most must not fill the log. The metrics count each.</summary>
    private static void Record(HttpContext context, string kind, Claim claim, bool first)
    {
        var (by, reason) = claim.Limit.Partition == Partition.Address ? ("address", GatewayRefusal.LimitAddress) : ("principal", GatewayRefusal.LimitPrincipal);
        LimitMetrics.Hit(kind, by, claim.Limit.Name);
        if (first)
        {
            SecurityLog.Of(context).LimitHit(kind, by, reason, claim.Limit.Name);
            return;
        }

        ShopMetrics.Refused(reason);
        RefusalEvent.MarkRecorded(context);
    }
}
