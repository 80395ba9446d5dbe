using System.Net;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using SecureShop.EmbeddedServers;

namespace SecureShop.AppHost;

/// <summary>
/// Aspire repeats a failed health check after 1, 2, 3, 4, 5, 5 … seconds and a good one after 30. These wait inside one
/// check for what is about to come up, so that nobody who waits for it waits longer.
/// </summary>
internal static class Patience
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Tries until it works, for a while; at what no patience mends (<see cref="SetupException"/>) it is unhealthy at once.</summary>
    public static async Task<HealthCheckResult> UntilHealthyAsync(Func<Task> attempt, CancellationToken cancellation)
    {
        for (var began = TimeProvider.System.GetTimestamp(); ; await Task.Delay(Pause, cancellation))
        {
            try
            {
                await attempt();
                return HealthCheckResult.Healthy();
            }
            catch (Exception problem) when (!cancellation.IsCancellationRequested)
            {
                if (problem is SetupException || TimeProvider.System.GetElapsedTime(began) > Limit)
                    return HealthCheckResult.Unhealthy(problem.Message);
            }
        }
    }

    /// <summary>The same for Aspire's own health checks, which are plain GETs.</summary>
    public sealed class Handler : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            for (var began = TimeProvider.System.GetTimestamp(); ; await Task.Delay(Pause, cancellationToken))
            {
                var last = request.Method != HttpMethod.Get || TimeProvider.System.GetElapsedTime(began) > Limit;
                try
                {
                    var response = await base.SendAsync(request, cancellationToken);
                    if (response.StatusCode is not HttpStatusCode.ServiceUnavailable || last)
                        return response;
                    response.Dispose();
                }
                catch (HttpRequestException problem) when (!last && problem.HttpRequestError == HttpRequestError.ConnectionError)
                {
                    // Nobody listens yet.
                }
            }
        }
    }
}
