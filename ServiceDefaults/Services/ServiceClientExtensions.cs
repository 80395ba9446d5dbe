using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using SecureShop.ServiceDefaults.Services;

namespace SecureShop.ServiceDefaults;

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

        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.AddValidatedOptions<IssuerOptions, IssuerOptions.Validator>(IssuerOptions.Section);
        builder.AddValidatedOptions<ServiceClientOptions, ServiceClientOptions.Validator>(ServiceClientOptions.Section);
        builder.Services.AddHttpClient(ClientTokens.HttpClientName).AddNamedService("identity");
        builder.Services.TryAddSingleton<ClientAssertion>();
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
