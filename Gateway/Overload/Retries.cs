using System.Net.Sockets;
using Microsoft.AspNetCore.Http.Features;
using Yarp.ReverseProxy.Forwarder;

namespace SecureShop.Gateway.Overload;

/// <summary>
/// Asks once more where the connection failed before any answer, as when a replica is being replaced. Only what changes nothing: a write
/// may have been done although nobody said so. Out of a budget, one for ten that went well, and never under overload: else requests
/// would double when a service can bear it least.
/// </summary>
internal sealed class Retries(Admission admission)
{
    private const int Cost = 10;
    private const int Full = 100;

    private int budget = Full;

    public async Task ForwardAsync(HttpContext context, RequestDelegate next)
    {
        await next(context);
        if (context.GetForwarderErrorFeature() is not { } failure)
        {
            if (Volatile.Read(ref budget) < Full)
                Interlocked.Increment(ref budget);
        }
        else if (MayRepeat(context, failure) && TryPay())
        {
            context.Features.Set<IForwarderErrorFeature>(null);
            context.Response.StatusCode = StatusCodes.Status200OK;
            await next(context);
        }
    }

    private bool MayRepeat(HttpContext context, IForwarderErrorFeature failure)
        => failure is { Error: ForwarderError.Request, Exception: HttpRequestException { InnerException: IOException or SocketException } broken }
            && broken.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.ResponseEnded or HttpRequestError.Unknown
            && (HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method))
            && context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false }
            && !context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested && admission.Count().Waiting == 0;

    private bool TryPay()
    {
        if (Interlocked.Add(ref budget, -Cost) >= 0)
            return true;
        Interlocked.Add(ref budget, Cost);
        return false;
    }
}
