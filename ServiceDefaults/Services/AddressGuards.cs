using Microsoft.Extensions.Configuration;

namespace SecureShop.ServiceDefaults.Services;

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
