using System.Text.Json;
using System.Text.Json.Nodes;
using SecureShop.StandIns.AspireDashboard;
using SecureShop.StandIns.AspireHosting.ApplicationModel;
using SecureShop.StandIns.AspireHosting.Certificates;

namespace SecureShop.StandIns.AspireHosting.Orchestration;

/// <summary>Tells programs (tests, benchmarks) where everything is. It holds generated secrets, so it is its owner's alone.</summary>
internal sealed class ReadyFile(string? path)
{
    private static readonly JsonSerializerOptions Style = new(JsonSerializerDefaults.Web) { WriteIndented = true };
    private readonly Lock _lock = new();
    private JsonNode? _written;

    public async Task WriteAsync(
        DistributedApplicationBuilder model,
        IEnumerable<ResourceNode> nodes,
        string authorityPath,
        TimeSpan readyAfter,
        DashboardServer? dashboard,
        CancellationToken cancellationToken)
    {
        if (path is null)
            return;
        var parameters = new SortedDictionary<string, string?>(StringComparer.Ordinal);
        foreach (var parameter in model.Resources.OfType<ParameterResource>())
            parameters[parameter.Name] = await parameter.GetValueAsync(cancellationToken);

        var content = new
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
        };
        lock (_lock)
        {
            _written = JsonSerializer.SerializeToNode(content, Style)!;
            if (dashboard is not null)
            {
                _written["dashboard"] = new JsonObject
                {
                    ["url"] = dashboard.Address.GetLeftPart(UriPartial.Authority),
                    ["loginUrl"] = dashboard.LoginLink.AbsoluteUri,
                    ["otlpUrl"] = dashboard.OtlpAddress.GetLeftPart(UriPartial.Authority),
                    ["otlpApiKey"] = dashboard.OtlpApiKey,
                };
            }

            Write(path);
        }
    }

    /// <summary>A login link works once: the file has the one that will work.</summary>
    public void UpdateLink(Uri link)
    {
        lock (_lock)
        {
            if (path is null || _written?["dashboard"] is not { } dashboard)
                return;
            dashboard["loginUrl"] = link.AbsoluteUri;
            Write(path);
        }
    }

    /// <summary>Removes the file, so that nobody takes it for another run's.</summary>
    public void Remove()
    {
        lock (_lock)
        {
            _written = null;
            if (path is not null && File.Exists(path))
                File.Delete(path);
        }
    }

    private void Write(string file) => PrivateFiles.WriteOrTell(file, _written!.ToJsonString(Style));

    private static IEnumerable<EndpointReference> Endpoints(IResource resource) =>
        resource is IResourceWithEndpoints listens ? listens.GetEndpoints() : [];
}
