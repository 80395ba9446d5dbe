using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using SecureShop.Gateway.Doors;
using SecureShop.Gateway.Routes;
using SecureShop.ServiceDefaults.Documents;
using SecureShop.ServiceDefaults.Tokens;
using Yarp.ReverseProxy;

namespace SecureShop.Gateway.Pages;

/// <summary>
/// What the services say of themselves (OpenAPI), as the world may know it: asked over the gateway's own connections, so that their
/// own documents stay inside, and cut down to what the route table lets through.
/// </summary>
internal sealed partial class ApiDocuments(IProxyStateLookup proxy, PublicOrigins origins, IHostEnvironment environment, TimeProvider clock, ILogger<ApiDocuments> logger) : IDisposable
{
    private const int MaxSize = 1024 * 1024;
    private static readonly TimeSpan KeptFor = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan AskedAgainAfter = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<string, (byte[]? Text, DateTimeOffset Until)> known = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim gate = new(1, 1);

    /// <summary>The document of an API, null where its service cannot be read and never could. Many who ask at once ask the service once.</summary>
    public async Task<byte[]?> ReadAsync(string api, CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            if (!known.TryGetValue(api, out var kept) || clock.GetUtcNow() >= kept.Until)
            {
                var text = await AskAsync(api);
                kept = (text ?? kept.Text, clock.GetUtcNow() + (text is null ? AskedAgainAfter : KeptFor));
                known[api] = kept;
            }

            return kept.Text;
        }
        finally
        {
            gate.Release();
        }
    }

    public void Dispose() => gate.Dispose();

    private async Task<byte[]?> AskAsync(string api)
    {
        if (!proxy.TryGetCluster(api, out var cluster) || cluster.DestinationsState.AvailableDestinations is not [var replica, ..])
            return null;
        using var timeout = new CancellationTokenSource(Timeout);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(new Uri(replica.Model.Config.Address), "/openapi/v1.json"));
        try
        {
            using var answer = await cluster.Model.HttpClient.SendAsync(request, timeout.Token);
            answer.EnsureSuccessStatusCode();
            await answer.Content.LoadIntoBufferAsync(MaxSize, timeout.Token);
            return Public(JsonNode.Parse(await answer.Content.ReadAsStringAsync(timeout.Token))!, api);
        }
        catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException or JsonException or InvalidOperationException)
        {
            DocumentNotRead(api, failure.Message);
            return null;
        }
    }

    private byte[] Public(JsonNode document, string api)
    {
        var open = RouteTable.All.Where(route => route.Audience == api)
            .SelectMany(route => route.Methods.Select(method => $"{method} {route.Path.Replace(":guid", "", StringComparison.Ordinal)}")).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var server = $"The gateway, {(origins.Shop.IsLoopback ? "local" : environment.EnvironmentName.ToLowerInvariant())}";
        PublicDocument.Narrow(document, origins.Shop.GetLeftPart(UriPartial.Authority), server, ProtectedApi.Path(api), open);
        return JsonSerializer.SerializeToUtf8Bytes(document);
    }

    [LoggerMessage(2150, LogLevel.Warning, "The document of {Api} cannot be read. {Words}")]
    private partial void DocumentNotRead(string api, string words);
}
