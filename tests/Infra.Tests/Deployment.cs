using System.Text.Json.Nodes;

namespace SecureShop.Infra.Tests;

/// <summary>The resources of one or more templates.</summary>
internal sealed record Deployment(IReadOnlyList<Resource> Resources)
{
    public static Deployment Parse(string snapshot)
        => new([.. JsonNode.Parse(snapshot)!["predictedResources"]!.AsArray().Select(node => new Resource(node!.AsObject()))]);

    /// <summary>What runs our images: the apps, and the job that has no ingress.</summary>
    public IEnumerable<App> Apps => Resources.Where(resource => resource.Type is "Microsoft.App/containerApps" or "Microsoft.App/jobs").Select(resource => new App(resource.Node));

    public IEnumerable<Resource> OfType(string type) => Resources.Where(resource => resource.Type == type);

    public App App(string name) => Apps.Single(app => app.Name == name);
}

/// <summary>A resource as it would be sent to Azure.</summary>
internal record Resource(JsonObject Node)
{
    public string Type => (string)Node["type"]!;

    public string Id => (string)Node["id"]!;

    /// <summary>The last part of its name, which for a child holds its parents'.</summary>
    public string Name => ((string)Node["name"]!).Split('/')[^1];

    /// <summary>A property by its path with dots, as text; nothing where it is not there.</summary>
    public string? this[string path]
    {
        get
        {
            JsonNode? node = Node["properties"];
            foreach (var part in path.Split('.'))
                node = (node as JsonObject)?[part];
            return node?.ToString();
        }
    }
}

/// <summary>An app or a job.</summary>
internal sealed record App(JsonObject Node) : Resource(Node)
{
    private JsonNode Configuration => Node["properties"]!["configuration"]!;

    public bool HasIngress => Configuration["ingress"] is not null;

    public JsonNode Container => Assert.Single(Node["properties"]!["template"]!["containers"]!.AsArray())!;

    public string Image => (string)Container["image"]!;

    /// <summary>Its managed identity.</summary>
    public string Identity => Assert.Single(Node["identity"]!["userAssignedIdentities"]!.AsObject()).Key;

    /// <summary>Settings with their values.</summary>
    public IReadOnlyDictionary<string, string> Settings => Variables("value");

    /// <summary>Settings that a secret fills, with where its value is kept.</summary>
    public IReadOnlyDictionary<string, VaultReference> FromVault => Variables("secretRef")
        .ToDictionary(entry => entry.Key, entry => VaultReference.Parse((string?)Secrets[entry.Value]["keyVaultUrl"]), StringComparer.Ordinal);

    public IReadOnlyDictionary<string, JsonObject> Secrets => Configuration["secrets"]!.AsArray()
        .ToDictionary(secret => (string)secret!["name"]!, secret => secret!.AsObject(), StringComparer.Ordinal);

    private Dictionary<string, string> Variables(string kind) => Container["env"]!.AsArray()
        .Where(variable => variable![kind] is not null)
        .ToDictionary(variable => (string)variable!["name"]!, variable => (string)variable![kind]!, StringComparer.Ordinal);
}

/// <summary>A secret of a vault. Of its address only the cloud's own part is left to be evaluated.</summary>
internal sealed record VaultReference(string Vault, string Secret)
{
    public static VaultReference Parse(string? url) => url?.Split('\'') is [_, "https://{0}{1}/secrets/{2}", _, var vault, _, var secret, _] ? new(vault, secret) : new("", "");

    /// <summary>Without a version.</summary>
    public string Name => Secret.Split('/')[0];
}
