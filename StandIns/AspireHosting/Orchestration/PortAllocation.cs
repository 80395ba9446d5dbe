using System.Diagnostics.CodeAnalysis;
using SecureShop.StandIns.AspireHosting.ApplicationModel;
using SecureShop.StandIns.AspireHosting.Processes;

namespace SecureShop.StandIns.AspireHosting.Orchestration;

/// <summary>Gives every endpoint its address before anything starts, so that all of them can be told to everybody.</summary>
internal static class PortAllocation
{
    /// <summary>What to do about a port of the dashboard.</summary>
    public const string MendOfDashboard = "Choose another with --Ports:Dashboard N (or --Ports:Otlp N), or start without the dashboard by --no-dashboard.";

    /// <summary>Gives every endpoint its address, and the dashboard's receiver one if it has none.</summary>
    /// <exception cref="HostingException">A wanted port is taken.</exception>
    [return: NotNullIfNotNull(nameof(dashboard))]
    public static DashboardPorts? Allocate(IEnumerable<IResource> resources, DashboardPorts? dashboard = null)
    {
        var endpoints = resources
            .SelectMany(resource => resource.Annotations.OfType<EndpointAnnotation>().Select(endpoint => (resource, endpoint)))
            .ToList();
        HashSet<int> taken = [];

        // Wanted ports first, so that no free one is found where a later endpoint wants to be.
        foreach (var (resource, endpoint) in endpoints.Where(pair => pair.endpoint.Port is not null))
            endpoint.AllocatedPort = Wanted($"{resource.Name} ({endpoint.Name})", Option(endpoint), endpoint.Port!.Value, taken);
        if (dashboard is not null)
            Wanted("the dashboard", "--Ports:Dashboard N, or start without it by --no-dashboard", dashboard.Pages, taken);
        if (dashboard?.Otlp is { } otlp)
            Wanted("the dashboard's receiver", "--Ports:Otlp N, or start without the dashboard by --no-dashboard", otlp, taken);

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

        return dashboard is null ? null : dashboard with { Otlp = dashboard.Otlp ?? Free(taken) };
    }

    private static int Wanted(string who, string mend, int port, HashSet<int> taken)
    {
        if (!taken.Add(port))
            throw new HostingException($"Port {port} is wanted twice, here for {who}: choose another with {mend}.");
        if (!LoopbackPort.IsFree(port))
            throw new HostingException($"Port {port}, which {who} needs, is in use by another program: stop that one, or choose another port with {mend}.");
        return port;
    }

    private static string Option(EndpointAnnotation endpoint) => $"--Ports:{char.ToUpperInvariant(endpoint.Name[0])}{endpoint.Name[1..]} N";

    private static int Free(HashSet<int> taken)
    {
        int port;
        do
            port = LoopbackPort.Free();
        while (!taken.Add(port));
        return port;
    }
}
