using SecureShop.Gateway.Events;
using SecureShop.ServiceDefaults.Events;
using SecureShop.ServiceDefaults.Telemetry;
using Yarp.ReverseProxy.Forwarder;

namespace SecureShop.Gateway.Routes;

/// <summary>
/// What became of requests that could not be forwarded, and by whose fault. Only the destination's own failures open its circuit:
/// else a caller could have a healthy replica left out by what it sends.
/// </summary>
internal static partial class ForwardingFailures
{
    private const string Client = "client";

    public static async Task RecordAsync(HttpContext context, RequestDelegate next)
    {
        await next(context);
        if (context.GetForwarderErrorFeature() is not { } failure)
            return;

        var service = context.GetReverseProxyFeature().Cluster.Config.ClusterId;
        var reason = Reason(failure, context);
        ShopMetrics.CallFailed(service, reason);
        if (reason != Client)
        {
            NotForwarded(context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(ForwardingFailures)), service, reason, Words(failure.Exception));
            return;
        }

        if (!context.Response.HasStarted && context.Response.StatusCode == StatusCodes.Status502BadGateway)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            SecurityLog.Of(context).DoorRefused(GatewayRefusal.RequestShape);
        }
    }

    /// <summary>Whether the service has answered; null where its caller is to blame, and nothing is known of the service.</summary>
    public static bool? WasAnswered(HttpContext context)
        => context.GetForwarderErrorFeature() is not { } failure ? true : Reason(failure, context) == Client ? null : false;

    // By who is to blame, which is also how few values there are.
    private static string Reason(IForwarderErrorFeature failure, HttpContext context) => failure.Error switch
    {
        ForwarderError.RequestTimedOut => "timeout",

        // It began to answer and stopped; a caller who does not read would be cut off, and is gone.
        ForwarderError.ResponseBodyCanceled when !context.RequestAborted.IsCancellationRequested => "timeout",
        ForwarderError.ResponseHeaders => "invalid_response",
        ForwarderError.RequestCanceled or ForwarderError.RequestBodyCanceled or ForwarderError.ResponseBodyCanceled
            or ForwarderError.RequestBodyClient or ForwarderError.ResponseBodyClient or ForwarderError.RequestCreation => Client,

        // Whoever has answered need not read on.
        ForwarderError.RequestBodyDestination when context.Response.StatusCode != StatusCodes.Status502BadGateway => Client,

        // Not a word of it could be sent: neither a connection nor an answer is what failed.
        ForwarderError.Request when failure.Exception is HttpRequestException { HttpRequestError: HttpRequestError.Unknown, InnerException: null } => Client,
        ForwarderError.Request => "connection",
        _ => "other",
    };

    // Without the stack, which shows the inside of libraries only.
    private static string Words(Exception? failure) => failure is null ? "" : $"{failure.GetType().Name}: {failure.Message} {Words(failure.InnerException)}".TrimEnd();

    [LoggerMessage(2101, LogLevel.Warning, "A request to {Service} failed ({Reason}). {Words}")]
    private static partial void NotForwarded(ILogger logger, string service, string reason, string words);
}
