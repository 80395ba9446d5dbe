using System.Net;
using Yarp.ReverseProxy;
using Yarp.ReverseProxy.Model;

namespace SecureShop.Gateway.Pages;

/// <summary>How many of a service's replicas answer.</summary>
internal sealed record ServiceStatus(string Service, int Answering, int Replicas);

/// <summary>
/// Asks each service how it is, over the gateway's own connections. What was learnt is kept for a while: asked for by everybody at
/// once, the services are asked once.
/// </summary>
internal sealed class ServiceStatusReader(IProxyStateLookup proxy, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan KeptFor = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim gate = new(1, 1);
    private IReadOnlyList<ServiceStatus> known = [];
    private DateTimeOffset until;

    public async Task<IReadOnlyList<ServiceStatus>> ReadAsync(CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            if (clock.GetUtcNow() >= until)
            {
                known = await Task.WhenAll(proxy.GetClusters().OrderBy(cluster => cluster.ClusterId, StringComparer.Ordinal).Select(AskAsync));
                until = clock.GetUtcNow() + KeptFor;
            }

            return known;
        }
        finally
        {
            gate.Release();
        }
    }

    public void Dispose() => gate.Dispose();

    private static async Task<ServiceStatus> AskAsync(ClusterState cluster)
    {
        var replicas = await Task.WhenAll(cluster.DestinationsState.AllDestinations.Select(replica => AnswersAsync(cluster.Model.HttpClient, replica)));
        return new(cluster.ClusterId, replicas.Count(answers => answers), replicas.Length);
    }

    private static async Task<bool> AnswersAsync(HttpMessageInvoker client, DestinationState replica)
    {
        using var timeout = new CancellationTokenSource(Timeout);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(new Uri(replica.Model.Config.Address), "/health/ready"));
        try
        {
            using var answer = await client.SendAsync(request, timeout.Token);

            // Behind an ingress of its own a service does not show its health; that it answers is all there is to see.
            return answer.StatusCode < HttpStatusCode.InternalServerError;
        }
        catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }
}
