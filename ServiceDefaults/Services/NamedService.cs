using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using SecureShop.ServiceDefaults.Input;
using SecureShop.ServiceDefaults.Telemetry;

namespace SecureShop.ServiceDefaults.Services;

internal static class NamedServiceExtensions
{
    /// <summary>
    /// Lets the client reach <paramref name="service"/> only, over verified TLS, within limits of time and size. What
    /// <paramref name="calls"/> adds sees what the guard lets in, and no address yet.
    /// </summary>
    public static IHttpClientBuilder AddNamedService(this IHttpClientBuilder client, string service, Action<IHttpClientBuilder>? calls = null)
    {
        client.Services.AddKnownServices(service);
        client.AddHttpMessageHandler(() => new NameGuard(service));
        calls?.Invoke(client);
        return client
            .ConfigureHttpClient(http =>
            {
                http.BaseAddress = new Uri($"https://{service}");
                http.Timeout = TimeSpan.FromSeconds(15);
            })
            .ConfigurePrimaryHttpMessageHandler(services => ServiceConnection.CreateHandler(services.GetRequiredService<IConfiguration>()))

            // Connections renew themselves; the handlers keep their state (the turn of the replicas).
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)

            .AddHttpMessageHandler(services => new NamedServiceHandler(service, services.GetRequiredService<TimeProvider>()))
            .AddServiceDiscovery()
            .AddHttpMessageHandler(services => new AddressGuard(service, services.GetRequiredService<IConfiguration>()));
    }
}

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

/// <summary>
/// The first of a client's handlers: lets <c>https://{name}/…</c> with a plain path in, and refuses every other address, so that
/// input cannot steer a call elsewhere (server-side request forgery). Before the retries and the circuit: an address that is
/// refused is no failure of the service, and must not close it to others.
/// </summary>
internal sealed class NameGuard(string service) : AsynchronousHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        => request.RequestUri is { IsAbsoluteUri: true, Scheme: "https", IsDefaultPort: true, UserInfo: "" } asked
            && asked.Host == service
            && PlainPath.IsPlain(asked.AbsolutePath)

            // A proxy before the service goes by this header, and so does the check of its certificate.
            && request.Headers.Host is null
            ? base.SendAsync(request, cancellationToken)
            : throw new HttpRequestException($"Calls of this client go to {service} and nowhere else.");
}

/// <summary>
/// The last one: what the name has become is one of the service's addresses in the configuration, or the token stays here. It does
/// not rely on what resolved the name, or put the address together.
/// </summary>
internal sealed class AddressGuard(string service, IConfiguration configuration) : AsynchronousHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        => request.RequestUri is { IsAbsoluteUri: true } found
            && KnownServices.Addresses(configuration, service).Exists(address => IsSame(address, found))
            && PlainPath.IsPlain(found.AbsolutePath)
            && request.Headers.Host is null
            ? base.SendAsync(request, cancellationToken)
            : throw new HttpRequestException($"The address that was found for {service} is none of those in the configuration.");

    private static bool IsSame(Uri address, Uri found) => Uri.Compare(
        address, found, UriComponents.Scheme | UriComponents.StrongAuthority, UriFormat.UriEscaped, StringComparison.OrdinalIgnoreCase) == 0;
}

/// <summary>A handler that no synchronous call passes by.</summary>
internal abstract class AsynchronousHandler : DelegatingHandler
{
    protected sealed override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
        => throw new NotSupportedException("Services are called asynchronously.");
}
