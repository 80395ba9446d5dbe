using System.Net;
using Yarp.ReverseProxy;
using Yarp.ReverseProxy.Model;

namespace SecureShop.Gateway.Pages;

/// <summary>How many of a service's replicas answer.</summary>
internal sealed record ServiceAnswer(string Service, int Answering, int Replicas);

/// <summary>
/// Asks each service how it is, over the gateway's own connections. What was learnt is kept for a while: asked for by everybody at
/// once, the services are asked once.
/// </summary>
internal sealed class ServiceAnswers(IProxyStateLookup proxy, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan Kept = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim one = new(1, 1);
    private IReadOnlyList<ServiceAnswer> known = [];
    private DateTimeOffset until;

    public async Task<IReadOnlyList<ServiceAnswer>> ReadAsync(CancellationToken cancellationToken)
    {
        await one.WaitAsync(cancellationToken);
        try
        {
            if (clock.GetUtcNow() >= until)
            {
                known = await Task.WhenAll(proxy.GetClusters().OrderBy(cluster => cluster.ClusterId, StringComparer.Ordinal).Select(AskAsync));
                until = clock.GetUtcNow() + Kept;
            }

            return known;
        }
        finally
        {
            one.Release();
        }
    }

    public void Dispose() => one.Dispose();

    private static async Task<ServiceAnswer> AskAsync(ClusterState cluster)
    {
        var replicas = await Task.WhenAll(cluster.DestinationsState.AllDestinations.Select(replica => AnswersAsync(cluster.Model.HttpClient, replica)));
        return new(cluster.ClusterId, replicas.Count(answers => answers), replicas.Length);
    }

    private static async Task<bool> AnswersAsync(HttpMessageInvoker client, DestinationState replica)
    {
        using var timeout = new CancellationTokenSource(Patience);
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
