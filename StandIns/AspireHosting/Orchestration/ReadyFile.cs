using System.Text.Json;
using SecureShop.StandIns.AspireHosting.ApplicationModel;
using SecureShop.StandIns.AspireHosting.Certificates;

namespace SecureShop.StandIns.AspireHosting.Orchestration;

/// <summary>Tells programs (tests, benchmarks) where everything is. It holds generated secrets, so it is its owner's alone.</summary>
internal static class ReadyFile
{
    private static readonly JsonSerializerOptions Style = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static async Task WriteAsync(
        string path, DistributedApplicationBuilder model, IEnumerable<ResourceNode> nodes, string authorityPath, TimeSpan readyAfter, CancellationToken cancellationToken)
    {
        var parameters = new SortedDictionary<string, string?>(StringComparer.Ordinal);
        foreach (var parameter in model.Resources.OfType<ParameterResource>())
            parameters[parameter.Name] = await parameter.GetValueAsync(cancellationToken);

        PrivateFiles.WriteOrTell(path, JsonSerializer.Serialize(
            new
            {
                ProcessId = Environment.ProcessId,
                ReadyAfterSeconds = Math.Round(readyAfter.TotalSeconds, 2),
                AuthorityPath = authorityPath,
                DataDirectory = model.DataPath,
                Resources = nodes.Select(node => new
                {
                    node.Name,
                    State = node.State.ToString().ToLowerInvariant(),
                    ReadyAfterSeconds = Math.Round(node.ReadyAfter?.TotalSeconds ?? 0, 2),
                    Pids = node.Instances.Select(instance => instance.ProcessId).OfType<int>(),
                    Endpoints = Endpoints(node.Resource).ToDictionary(endpoint => endpoint.EndpointName, endpoint => endpoint.Url),
                    TargetPorts = Endpoints(node.Resource).ToDictionary(endpoint => endpoint.EndpointName, endpoint => endpoint.EndpointAnnotation.AllocatedTargetPorts),
                }),
                Parameters = parameters,
            },
            Style));
    }

    /// <summary>Removes the file of an earlier run, so that nobody takes it for this one's.</summary>
    public static void Remove(string? path)
    {
        if (path is not null && File.Exists(path))
            File.Delete(path);
    }

    private static IEnumerable<EndpointReference> Endpoints(IResource resource) =>
        resource is IResourceWithEndpoints listens ? listens.GetEndpoints() : [];
}
