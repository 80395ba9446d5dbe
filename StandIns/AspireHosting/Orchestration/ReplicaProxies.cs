using SecureShop.StandIns.AspireHosting.ApplicationModel;
using SecureShop.StandIns.AspireHosting.Processes;

namespace SecureShop.StandIns.AspireHosting.Orchestration;

/// <summary>The addresses that the replicas of a resource share; none where there is one replica, which has them itself.</summary>
internal sealed class ReplicaProxies : IAsyncDisposable
{
    private volatile IReadOnlyList<(TcpProxy Proxy, IReadOnlyList<int> Ports)> _proxies = [];

    /// <exception cref="HostingException">An address is taken.</exception>
    public void Start(IResource resource)
    {
        if (ResourceNode.ReplicasOf(resource) == 1)
            return;
        foreach (var endpoint in resource.Annotations.OfType<EndpointAnnotation>())
            _proxies = [.. _proxies, (TcpProxy.Start(endpoint.AllocatedPort!.Value, []), endpoint.AllocatedTargetPorts)];
    }

    /// <summary>
    /// Lets these replicas answer. None of them: nobody does, so that another program which took the port of a replica
    /// that is down does not get its callers.
    /// </summary>
    public void Aim(IReadOnlyList<int> replicas)
    {
        foreach (var (proxy, ports) in _proxies)
            proxy.Targets = [.. replicas.Select(replica => ports[replica])];
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (proxy, _) in _proxies)
            await proxy.DisposeAsync();
    }
}
