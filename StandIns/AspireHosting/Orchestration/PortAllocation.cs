using SecureShop.StandIns.AspireHosting.ApplicationModel;
using SecureShop.StandIns.AspireHosting.Processes;

namespace SecureShop.StandIns.AspireHosting.Orchestration;

/// <summary>Gives every endpoint its address before anything starts, so that all of them can be told to everybody.</summary>
internal static class PortAllocation
{
    /// <exception cref="HostingException">A wanted port is taken.</exception>
    public static void Allocate(IEnumerable<IResource> resources)
    {
        var endpoints = resources
            .SelectMany(resource => resource.Annotations.OfType<EndpointAnnotation>().Select(endpoint => (resource, endpoint)))
            .ToList();
        HashSet<int> taken = [];

        // Wanted ports first, so that no free one is found where a later endpoint wants to be.
        foreach (var (resource, endpoint) in endpoints.Where(pair => pair.endpoint.Port is not null))
            endpoint.AllocatedPort = Wanted(resource, endpoint, endpoint.Port!.Value, taken);

        foreach (var (resource, endpoint) in endpoints)
        {
            var replicas = ResourceNode.ReplicasOf(resource);
            if (replicas > 1 && !endpoint.IsProxied)
                throw new InvalidOperationException($"The endpoint '{endpoint.Name}' of '{resource.Name}' must be proxied, because {replicas} replicas share its address.");
            endpoint.AllocatedPort ??= Free(taken);
            endpoint.AllocatedTargetPorts = replicas > 1
                ? [.. Enumerable.Range(0, replicas).Select(_ => Free(taken))]
                : [endpoint.AllocatedPort.Value];
        }
    }

    private static int Wanted(IResource resource, EndpointAnnotation endpoint, int port, HashSet<int> taken)
    {
        var option = $"--Ports:{char.ToUpperInvariant(endpoint.Name[0])}{endpoint.Name[1..]}";
        if (!taken.Add(port))
            throw new HostingException($"Port {port} is wanted twice, here for {resource.Name} ({endpoint.Name}): choose another with {option} N.");
        if (!LoopbackPort.IsFree(port))
            throw new HostingException($"Port {port}, which {resource.Name} ({endpoint.Name}) needs, is in use by another program: stop that one, or choose another port with {option} N.");
        return port;
    }

    private static int Free(HashSet<int> taken)
    {
        int port;
        do
            port = LoopbackPort.Free();
        while (!taken.Add(port));
        return port;
    }
}
