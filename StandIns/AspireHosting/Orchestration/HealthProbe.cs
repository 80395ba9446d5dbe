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

    /// <summary>What is wrong with a replica, to stand behind its name; null when it is healthy.</summary>
    public async Task<string?> ProblemOfAsync(IResource resource, int replica, CancellationToken cancellationToken)
    {
        foreach (var check in resource.Annotations.OfType<HttpHealthCheckAnnotation>())
        {
            var port = check.Endpoint.EndpointAnnotation.AllocatedTargetPorts[replica];
            var answer = await AskAsync(new Uri($"{check.Endpoint.Scheme}://localhost:{port}{check.Path}"), cancellationToken);
            if (answer is null)
                return "does not answer its health check";
            if (answer != check.StatusCode)
                return FormattableString.Invariant($"answers its health check with {answer}");
        }

        return null;
    }

    public void Dispose()
    {
        _client.Dispose();
        _handler.Dispose();
        _authority.Dispose();
    }

    private async Task<int?> AskAsync(Uri address, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await _client.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            return (int)response.StatusCode;
        }
        catch (HttpRequestException)
        {
            return null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }
}
