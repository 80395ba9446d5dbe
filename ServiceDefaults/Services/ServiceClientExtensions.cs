using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SecureShop.ServiceDefaults.Services;

namespace SecureShop.ServiceDefaults;

/// <summary>Registers clients of other services.</summary>
public static class ServiceClientExtensions
{
    /// <summary>
    /// Registers <typeparamref name="TClient"/>, which takes an <see cref="HttpClient"/>, for the service
    /// <paramref name="service"/>. Use relative addresses; calls carry the service's own token for <paramref name="scope"/>.
    /// </summary>
    public static IHttpClientBuilder AddServiceClient<TClient>(this IHostApplicationBuilder builder, string service, string scope)
        where TClient : class
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(scope);
        return builder.Services.AddHttpClient<TClient>(client => client.BaseAddress = new Uri($"https://{service}"))
            .AddNamedService(service);
    }
}
