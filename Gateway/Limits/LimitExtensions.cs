using System.Globalization;
using Microsoft.Extensions.Options;
using SecureShop.Gateway.Routes;

namespace SecureShop.Gateway.Limits;

/// <summary>Limits per address, before anything is proven, and per principal, after.</summary>
internal static class LimitExtensions
{
    public static void AddRequestLimits(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<LimitOptions>().BindConfiguration(LimitOptions.Section).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<LimitOptions>, LimitOptions.Validator>();
        builder.Services.AddSingleton<RequestCounter>(services => new(services.GetRequiredService<TimeProvider>()));
    }

    public static void UseAddressLimits(this WebApplication app) => app.UseLimits(
        "address", limits => limits.Address, context => CallerKey.OfAddress(context.Connection.RemoteIpAddress));

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
            return Task.CompletedTask;
        });
    }

    private static bool IsInternal(HttpContext context)
        => context.GetEndpoint()?.Metadata.GetMetadata<ServiceDefaults.AccessRule>()?.Kind == ServiceDefaults.AccessKind.Internal;

    private static void Tell(IHeaderDictionary headers, string name, Lease lease)
    {
        headers["RateLimit-Policy"] = $"\"{name}\";q={lease.Limit};w={(int)lease.Window.TotalSeconds}";
        headers["RateLimit"] = $"\"{name}\";r={lease.Remaining};t={Seconds(lease.Reset)}";
    }

    private static string Seconds(TimeSpan time) => Math.Max(1, (int)Math.Ceiling(time.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
}
