using System.Text.Json;

namespace SecureShop.SystemTests.Support;

/// <summary>What AppHost writes once all is healthy.</summary>
public sealed record ReadyFile(
    int ProcessId,
    double ReadyAfterSeconds,
    string AuthorityPath,
    IReadOnlyList<ReadyResource> Resources,
    IReadOnlyDictionary<string, string> Parameters,
    ReadyDashboard? Dashboard)
{
    public static async Task<ReadyFile> ReadAsync(string path) =>
        JsonSerializer.Deserialize<ReadyFile>(await File.ReadAllTextAsync(path), JsonSerializerOptions.Web)!;

    public ReadyResource this[string name] => Resources.Single(resource => resource.Name == name);
}

/// <summary>One part of the system.</summary>
public sealed record ReadyResource(string Name, string State, IReadOnlyList<int> Pids, IReadOnlyDictionary<string, string> Endpoints)
{
    public Uri Https => new(Endpoints["https"]);
}

/// <summary>How to reach the dashboard; the link signs in once.</summary>
public sealed record ReadyDashboard(Uri Url, Uri LoginUrl, Uri OtlpUrl, string OtlpApiKey);
