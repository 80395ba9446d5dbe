using System.Net;

namespace SecureShop.ServiceDefaults.Services;

/// <summary>
/// Measures a call, and takes its answer whole and bounded. Every redirect is refused, so that a hostile answer cannot steer a call
/// elsewhere.
/// </summary>
internal sealed class NamedServiceHandler(string service, TimeProvider clock) : DelegatingHandler
{
    private const long MaxAnswerSize = 1024 * 1024;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        try
        {
            var answer = await base.SendAsync(request, cancellationToken);
            await AcceptAsync(answer, cancellationToken);
            if (answer.StatusCode >= HttpStatusCode.InternalServerError)
                ShopMetrics.CallFailed(service, "status_5xx");
            return answer;
        }
        catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException)
        {
            ShopMetrics.CallFailed(service, Reason(failure));
            throw;
        }
        finally
        {
            ShopMetrics.Called(service, clock.GetElapsedTime(started));
        }
    }

    private static async Task AcceptAsync(HttpResponseMessage answer, CancellationToken cancellation)
    {
        try
        {
            if (answer.StatusCode is >= HttpStatusCode.MultipleChoices and < HttpStatusCode.BadRequest and not HttpStatusCode.NotModified)
                throw new HttpRequestException(HttpRequestError.InvalidResponse, "A service answered with a redirect, which is not followed.");

            // Read whole and bounded here, within the caller's time limit: an endless answer must not fill the memory.
            await answer.Content.LoadIntoBufferAsync(MaxAnswerSize, cancellation);
        }
        catch
        {
            answer.Dispose();
            throw;
        }
    }

    private static string Reason(Exception failure) => failure switch
    {
        // By a limit of time, ours or the caller's.
        OperationCanceledException => "timeout",
        HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } => "too_long",
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError } => "connection",
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => "tls",
        HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse } => "invalid_response",
        _ => "other",
    };
}
