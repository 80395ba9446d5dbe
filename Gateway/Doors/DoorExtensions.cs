using System.Diagnostics;
using System.Text;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;
using SecureShop.Gateway.Events;
using SecureShop.ServiceDefaults.Access;
using SecureShop.ServiceDefaults.Events;
using SecureShop.ServiceDefaults.Input;
using SecureShop.ServiceDefaults.Settings;

namespace SecureShop.Gateway.Doors;

/// <summary>
/// Who may come in by which door. Plain http is told by the request's scheme, which is that of the connection or what a
/// trusted proxy says, and the listener for health by the local port: a caller can choose neither in a header.
/// </summary>
internal static class DoorExtensions
{
    public static void AddDoors(this WebApplicationBuilder builder)
    {
        builder.AddValidatedOptions<ShopOptions, ShopOptions.Validator>(ShopOptions.Section);
        builder.AddValidatedOptions<IssuerOptions, IssuerOptions.Validator>(IssuerOptions.Section);
        builder.Services.AddSingleton<PublicOrigins>();
        builder.Services.AddSingleton(HealthPort.Read(builder.Configuration));
        builder.Services.AddSingleton<DistributedContextPropagator, IgnoredTraceContext>();

        // The gateway is the outermost proxy unless someone says which one is before it: a caller on the same machine
        // must not choose its own address either.
        builder.Services.AddOptions<ForwardedHeadersOptions>().PostConfigure<IOptions<ProxyOptions>>((options, proxies) =>
        {
            if (proxies.Value.Networks is null)
                options.ForwardedHeaders = ForwardedHeaders.None;
        });

        // One character a byte, so that RequestShape sees what was sent and refuses it: Kestrel's own refusal has no body.
        // And a line ends with CR and LF: a reader who takes the LF alone for its end finds headers where another finds one value.
        AppContext.SetSwitch("Microsoft.AspNetCore.Server.Kestrel.DisableHttp1LineFeedTerminators", isEnabled: true);
        builder.WebHost.ConfigureKestrel(options => options.RequestHeaderEncodingSelector = _ => Encoding.Latin1);
        builder.Services.AddHostedService<MalformedRequests>();
    }

    public static void UsePlainDoor(this WebApplication app)
        => app.UseWhen(context => !context.Request.IsHttps && !HealthPort.Received(context), door => door.Run(PlainDoor.AnswerAsync));

    /// <summary>Only the names that we published: no other Host reaches a link, a redirect or a cache.</summary>
    public static void UseKnownHosts(this WebApplication app)
    {
        var origins = app.Services.GetRequiredService<PublicOrigins>();
        app.Use((context, next) =>
        {
            if (HealthPort.Received(context) || origins.OfRequest(context.Request) is not null)
                return next(context);
            context.Response.StatusCode = StatusCodes.Status421MisdirectedRequest;
            SecurityLog.Of(context).DoorRefused(GatewayRefusal.Host);
            return Task.CompletedTask;
        });
    }

    /// <summary>Health is answered on its own listener and nothing else is; the public listeners do not know it.</summary>
    public static void UseInternalDoor(this WebApplication app) => app.Use((context, next) =>
    {
        var inside = HealthPort.Received(context);
        if (inside == IsInternal(context))
            return next(context);
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        if (!inside)
            SecurityLog.Of(context).AccessRefused(RefusalReason.NotInternal);
        return Task.CompletedTask;
    });

    private static bool IsInternal(HttpContext context)
        => context.GetEndpoint()?.Metadata.GetMetadata<AccessRule>()?.Kind == AccessKind.Internal;
}
