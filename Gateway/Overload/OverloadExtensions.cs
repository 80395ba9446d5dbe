using System.Security.Cryptography;
using SecureShop.Gateway.Doors;
using SecureShop.Gateway.Events;
using SecureShop.Gateway.Limits;
using SecureShop.Gateway.Routes;
using SecureShop.ServiceDefaults.Access;
using SecureShop.ServiceDefaults.Events;
using SecureShop.ServiceDefaults.Settings;
using SecureShop.ServiceDefaults.Telemetry;

namespace SecureShop.Gateway.Overload;

/// <summary>What is done when more is asked than can be done.</summary>
internal static class OverloadExtensions
{
    private static readonly PathString Products = "/api/catalog/products";

    public static void AddOverload(this WebApplicationBuilder builder)
    {
        builder.AddValidatedOptions<OverloadOptions, OverloadOptions.Validator>(OverloadOptions.Section);
        builder.Services.AddSingleton<Admission>();
        builder.Services.AddSingleton<Circuits>();
        builder.Services.AddSingleton<Retries>();
    }

    /// <summary>Serves what there are permits for, and refuses the rest before it costs anything. Health has a door of its own, where nobody waits.</summary>
    public static void UseLoadShedding(this WebApplication app)
    {
        var admission = app.Services.GetRequiredService<Admission>();
        var origins = app.Services.GetRequiredService<PublicOrigins>();
        var clock = app.Services.GetRequiredService<TimeProvider>();
        var quietUntil = new long[Enum.GetValues<LoadClass>().Length];
        app.UseWhen(context => !HealthPort.Received(context), door => door.Use(async (context, next) =>
        {
            var kind = ClassOf(origins.OfRequest(context.Request), context.Request);
            if (!await admission.EnterAsync(kind, context.RequestAborted))
            {
                // An event a minute: a flood must not fill the log as well.
                ref var quiet = ref quietUntil[(int)kind];
                var now = clock.GetUtcNow().UtcTicks;
                Shed(context, kind, tell: now >= Interlocked.Read(ref quiet) && now >= Interlocked.Exchange(ref quiet, now + TimeSpan.TicksPerMinute));
                return;
            }

            try
            {
                await next(context);
            }
            finally
            {
                admission.Leave(kind);
            }
        }));
    }

    /// <summary>Answers 503, and when to come back: not all at the same moment.</summary>
    public static void Postpone(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        context.Response.Headers.RetryAfter = LimitHeaders.Seconds(TimeSpan.FromSeconds(RandomNumberGenerator.GetInt32(1, 6)));
    }

    // By what is free to look at, which is all the caller's own word: therefore no class may fill the gateway.
    private static LoadClass ClassOf(Origin? origin, HttpRequest request) => GatewayRoute.ClassOf(origin ?? Origin.Shop, request.Method, request.Path) switch
    {
        LimitClass.Token => LoadClass.Token,
        _ when origin == Origin.Identity => LoadClass.SignIn,
        LimitClass.Write => LoadClass.Write,
        _ => request.Path.Equals(Products, StringComparison.OrdinalIgnoreCase) && request.Query.ContainsKey("q") ? LoadClass.Search : LoadClass.Read,
    };

    private static void Shed(HttpContext context, LoadClass kind, bool tell)
    {
        Postpone(context);
        RefusalEvent.MarkRecorded(context);
        if (tell)
            SecurityLog.Of(context).LoadShed(kind.ToString());
        else
            ShopMetrics.Refused(GatewayRefusal.Overload);
    }
}
