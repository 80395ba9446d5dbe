using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using SecureShop.StandIns.AspireHosting.ApplicationModel;

namespace SecureShop.StandIns.AspireHosting.Orchestration;

/// <summary>Asks replicas for their health, straight and not through the proxy in front of them.</summary>
internal sealed class HealthProbe : IDisposable
{
    private readonly X509Certificate2 _authority;
    private readonly SocketsHttpHandler _handler;
    private readonly HttpClient _client;

    /// <summary>Trusts what the authority has signed, and nothing else.</summary>
    public HealthProbe(string authorityPath)
    {
        _authority = X509CertificateLoader.LoadCertificateFromFile(authorityPath);
        var chain = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        chain.CustomTrustStore.Add(_authority);
        _handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = chain },
        };
        _client = new HttpClient(_handler, disposeHandler: false) { Timeout = TimeSpan.FromSeconds(3) };
    }

    public async Task<bool> IsHealthyAsync(IResource resource, int replica, CancellationToken cancellationToken)
    {
        foreach (var check in resource.Annotations.OfType<HttpHealthCheckAnnotation>())
        {
            var port = check.Endpoint.EndpointAnnotation.AllocatedTargetPorts[replica];
            if (!await AnswersAsync(new Uri($"{check.Endpoint.Scheme}://localhost:{port}{check.Path}"), check.StatusCode, cancellationToken))
                return false;
        }

        return true;
    }

    public void Dispose()
    {
        _client.Dispose();
        _handler.Dispose();
        _authority.Dispose();
    }

    private async Task<bool> AnswersAsync(Uri address, int expected, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await _client.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            return (int)response.StatusCode == expected;
        }
        catch (HttpRequestException)
        {
            return false;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
