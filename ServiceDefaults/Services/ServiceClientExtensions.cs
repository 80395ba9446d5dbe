using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Http.Resilience;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using SecureShop.ServiceDefaults.Telemetry;

namespace SecureShop.ServiceDefaults.Services;

/// <summary>Registers clients of other services.</summary>
public static class ServiceClientExtensions
{
    /// <summary>
    /// Registers <typeparamref name="TClient"/>, which takes an <see cref="HttpClient"/>, for the service
    /// <paramref name="service"/>. Use relative addresses; calls carry the service's own token for <paramref name="scope"/>.
    /// What fails (no answer, time, open circuit, redirect, answer too long) is an <see cref="HttpRequestException"/>.
    /// </summary>
    public static IHttpClientBuilder AddServiceClient<TClient>(this IHostApplicationBuilder builder, string service, string scope)
        where TClient : class
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(service);
        ArgumentException.ThrowIfNullOrEmpty(scope);

        builder.AddTokenEndpoint();
        builder.Services.TryAddSingleton<ClientTokens>();

        // From the outside in: the guard; time, retries and circuit; then the token; then the address, which is looked at once more.
        return builder.Services.AddHttpClient<TClient>().AddNamedService(service, calls => calls
            .AddCallResilience(service)
            .AddHttpMessageHandler(services => new ClientTokenHandler(scope, services.GetRequiredService<ClientTokens>())));
    }

    /// <summary>Says that sending <paramref name="request"/> twice does what sending it once does, so that it may be tried again.</summary>
    public static HttpRequestMessage MarkIdempotent(this HttpRequestMessage request)
    {
        ArgumentNullException.ThrowIfNull(request);
        request.Options.Set(CallResilience.Idempotent, true);
        return request;
    }
}

/// <summary>
/// Bounds what a slow or dead service costs its callers: a limit of time in all and per attempt, a few retries of calls
/// that may be repeated, and a circuit that opens when most calls fail.
/// </summary>
internal static class CallResilience
{
    public static readonly HttpRequestOptionsKey<bool> Idempotent = new("secureshop.idempotent");

    public static IHttpClientBuilder AddCallResilience(this IHttpClientBuilder client, string service)
    {
        client.AddHttpMessageHandler(() => new Rejections(service));
        client.AddResilienceHandler("calls", (pipeline, context) =>
        {
            pipeline.TimeProvider = context.ServiceProvider.GetRequiredService<TimeProvider>();
            pipeline
                .AddTimeout(TimeSpan.FromSeconds(10))
                .AddRetry(new RetryStrategyOptions<HttpResponseMessage>
                {
                    MaxRetryAttempts = 2,
                    Delay = TimeSpan.FromMilliseconds(150),
                    BackoffType = DelayBackoffType.Exponential,
                    UseJitter = true,
                    ShouldHandle = attempt => ValueTask.FromResult(MayRepeat(attempt.Context) && HttpClientResiliencePredicates.IsTransient(attempt.Outcome)),
                })
                .AddCircuitBreaker(new CircuitBreakerStrategyOptions<HttpResponseMessage>
                {
                    FailureRatio = 0.5,
                    MinimumThroughput = 10,
                    SamplingDuration = TimeSpan.FromSeconds(10),
                    BreakDuration = TimeSpan.FromSeconds(5),
                    ShouldHandle = attempt => ValueTask.FromResult(HttpClientResiliencePredicates.IsTransient(attempt.Outcome)),
                })
                .AddTimeout(TimeSpan.FromSeconds(4));
        });
        return client;
    }

    // A POST may have been done although its answer was lost: tried again, it would be done twice.
    private static bool MayRepeat(ResilienceContext context)
#pragma warning disable EXTEXP0001 // The one way to the request, also where there is no answer that would name it.
        => context.GetRequestMessage() is { } request
#pragma warning restore EXTEXP0001
            && (request.Method == HttpMethod.Get || request.Method == HttpMethod.Head
                || (request.Options.TryGetValue(Idempotent, out var marked) && marked));

    /// <summary>What the pipeline rejects is one more kind of unreachable service to callers.</summary>
    private sealed class Rejections(string service) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            try
            {
                return await base.SendAsync(request, cancellationToken);
            }
            catch (ExecutionRejectedException failure)
            {
                if (failure is BrokenCircuitException)
                    ShopMetrics.CallFailed(service, "circuit_open");
                throw new HttpRequestException($"{service} does not answer now.", failure, HttpStatusCode.ServiceUnavailable);
            }
        }
    }
}
