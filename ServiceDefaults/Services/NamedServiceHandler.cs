using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace SecureShop.ServiceDefaults.Services;

/// <summary>
/// Sends <c>https://{name}/…</c> to one of the service's addresses and refuses every other host, so that no input can
/// steer a call elsewhere (server-side request forgery).
/// </summary>
internal sealed class NamedServiceHandler(string service, IConfiguration configuration) : DelegatingHandler
{
    private int next;

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.RequestUri is not { IsAbsoluteUri: true, Scheme: "https" } asked || asked.Host != service || !asked.IsDefaultPort)
            throw new HttpRequestException(HttpRequestError.InvalidResponse, $"Calls of this client go to {service} only.");

        var addresses = ServiceAddresses.Resolve(configuration, service);
        var address = addresses[(int)((uint)Interlocked.Increment(ref next) % (uint)addresses.Count)];
        request.RequestUri = new Uri(address, asked.PathAndQuery);
        return base.SendAsync(request, cancellationToken);
    }
}

internal static class NamedServiceExtensions
{
    public static IHttpClientBuilder AddNamedService(this IHttpClientBuilder client, string service) => client
        .ConfigureHttpClient(http =>
        {
            http.Timeout = TimeSpan.FromSeconds(10);
            http.MaxResponseContentBufferSize = 1024 * 1024;
        })
        .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
        {
            // A redirect could lead to an address that nobody named.
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ConnectTimeout = TimeSpan.FromSeconds(3),
            MaxResponseHeadersLength = 32,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        })
        .AddHttpMessageHandler(services => new NamedServiceHandler(service, services.GetRequiredService<IConfiguration>()));
}
