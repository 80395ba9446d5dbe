using System.Text.Json.Nodes;

namespace SecureShop.ServiceDefaults.Documents;

/// <summary>What the world may read of a service's document.</summary>
public static class PublicDocument
{
    /// <summary>Leaves the operations that are open, at the paths by which the world knows them.</summary>
    /// <param name="document">The service's own.</param>
    /// <param name="server">The origin where it is reached.</param>
    /// <param name="description">What that is.</param>
    /// <param name="prefix">The part of the paths that the service does not know.</param>
    /// <param name="open">The operations, as in <c>GET /api/orders</c>.</param>
    public static void Narrow(JsonNode document, string server, string description, string prefix, IReadOnlySet<string> open)
    {
        ArgumentNullException.ThrowIfNull(document);
        ArgumentNullException.ThrowIfNull(open);
        if (document["paths"] is not JsonObject own)
            throw new InvalidOperationException("The document has no paths.");
        var paths = new JsonObject();
        foreach (var (inside, operations) in own)
        {
            var path = prefix + inside.TrimEnd('/');
            var kept = operations!.AsObject().Where(operation => open.Contains($"{operation.Key} {path}")).ToDictionary(one => one.Key, one => one.Value?.DeepClone());
            if (kept.Count > 0)
                paths[path] = new JsonObject(kept);
        }

        document["paths"] = paths;
        document["servers"] = new JsonArray(new JsonObject { ["url"] = server, ["description"] = description, ["x-internal"] = false });

        // Those of what is not open among them.
        document.AsObject().Remove("tags");
    }
}
