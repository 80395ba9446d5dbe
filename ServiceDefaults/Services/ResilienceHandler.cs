using System.Net;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Polly.Timeout;

namespace SecureShop.ServiceDefaults.Services;

/// <summary>
/// Bounds what a slow or dead service costs its callers: a limit of time in all and per attempt, a few retries of calls
/// that may be repeated, and a circuit that opens when most calls fail.
/// </summary>
internal sealed class ResilienceHandler(string service, TimeProvider clock) : DelegatingHandler
{
    public static readonly HttpRequestOptionsKey<bool> Idempotent = new("secureshop.idempotent");

    private static readonly ResiliencePropertyKey<HttpRequestMessage> Request = new("request");

    private readonly ResiliencePipeline<HttpResponseMessage> pipeline = Build(clock);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var context = ResilienceContextPool.Shared.Get(cancellationToken);
        context.Properties.Set(Request, request);
        try
        {
            return await pipeline.ExecuteAsync(
                static async (attempt, state) => await state.Handler.AttemptAsync(state.Request, attempt.CancellationToken),
                context,
                (Handler: this, Request: request));
        }
        catch (Exception failure) when (failure is BrokenCircuitException or TimeoutRejectedException)
        {
            if (failure is BrokenCircuitException)
                ShopMetrics.CallFailed(service, "circuit_open");
            throw new HttpRequestException($"{service} does not answer now.", failure, HttpStatusCode.ServiceUnavailable);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private Task<HttpResponseMessage> AttemptAsync(HttpRequestMessage request, CancellationToken cancellation)
        => base.SendAsync(request, cancellation);

    private static ResiliencePipeline<HttpResponseMessage> Build(TimeProvider clock)
        => new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = clock }
            .AddTimeout(TimeSpan.FromSeconds(10))
            .AddRetry(new RetryStrategyOptions<HttpResponseMessage>
            {
                MaxRetryAttempts = 2,
                Delay = TimeSpan.FromMilliseconds(150),
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                ShouldHandle = attempt => ValueTask.FromResult(MayRepeat(attempt.Context) && HasFailed(attempt.Outcome)),
                OnRetry = attempt =>
                {
                    attempt.Outcome.Result?.Dispose();
                    return ValueTask.CompletedTask;
                },
            })
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<HttpResponseMessage>
            {
                FailureRatio = 0.5,
                MinimumThroughput = 10,
                SamplingDuration = TimeSpan.FromSeconds(10),
                BreakDuration = TimeSpan.FromSeconds(5),
                ShouldHandle = attempt => ValueTask.FromResult(HasFailed(attempt.Outcome)),
            })
            .AddTimeout(TimeSpan.FromSeconds(4))
            .Build();

    // A POST may have been done although its answer was lost: tried again, it would be done twice.
    private static bool MayRepeat(ResilienceContext context)
        => context.Properties.TryGetValue(Request, out var request)
            && (request.Method == HttpMethod.Get || request.Method == HttpMethod.Head
                || (request.Options.TryGetValue(Idempotent, out var marked) && marked));

    private static bool HasFailed(Outcome<HttpResponseMessage> outcome) => outcome switch
    {
        { Exception: HttpRequestException or TimeoutRejectedException } => true,
        { Result.StatusCode: >= HttpStatusCode.InternalServerError or HttpStatusCode.RequestTimeout } => true,
        _ => false,
    };
}
