using System.Net;

namespace SecureShop.SystemTests.Support;

/// <summary>
/// Does as the answer says: what the shop cannot do at the moment (503 with Retry-After), or is still doing for the same Idempotency-Key
/// (409 with Retry-After), is asked for again then, the same request, a few times. A shop that has just started, lost a store, or shares
/// its machine with other tests says so to anybody.
/// </summary>
internal sealed class ComingBack : DelegatingHandler
{
    private const int Times = 10;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        for (var time = 1; ; time++)
        {
            var answer = await base.SendAsync(request, cancellationToken);
            if (answer.StatusCode is not (HttpStatusCode.ServiceUnavailable or HttpStatusCode.Conflict) || answer.Headers.RetryAfter?.Delta is not { } wait || time == Times)
                return answer;
            answer.Dispose();
            await Task.Delay(wait, cancellationToken);
        }
    }
}
