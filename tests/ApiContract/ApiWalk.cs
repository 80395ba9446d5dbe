using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SecureShop.Testing;

/// <summary>One operation of an API, as its OpenAPI document describes it.</summary>
public sealed record ApiOperation(string Method, string Path, IReadOnlyList<string> Query, JsonNode? Body)
{
    /// <summary>The operation's name.</summary>
    public string? Id { get; init; }

    /// <summary>The scope that it asks for, where it asks for a token.</summary>
    public string? Scope { get; init; }

    /// <summary>The name by which a failing test says which it was.</summary>
    public string Name => $"{Method} {Path}";

    /// <summary>The path with an id that nothing has.</summary>
    public string Address => string.Join('/', Path.Split('/').Select(part => part.StartsWith('{') ? $"{Guid.CreateVersion7()}" : part));
}

/// <summary>
/// Walks every operation of an API, read from its own document, with values that it should refuse; so that an endpoint that is added
/// tomorrow is tested too.
/// </summary>
public static class ApiWalk
{
    private static readonly string[] Values =
    [
        "null", "true", "-1", "0", "1.5", "1e400", "99999999999999999999", "\"\"", "\" \"", "\"a\\u0000b\"", "\"\\u001b[31m\"", "\"\\u0085\"", "\"\\u007f\"", "\"\\ud800\"", "\"\\u202Eevil\"", "[]", "{}", "[null]", "[[]]",
        "{\"a\":1}", $"\"{new string('x', 5000)}\"", "\"2026-01-01\"", "\"12\"",
    ];

    private static readonly string[] Texts = ["", "x", "-1", "0", "1e400", "%00", "a%1Bb", "%C2%85", "%7F", "%FF", "%C0%AF", "%ED%A0%80", "true", new('x', 600), "2026-01-01", "<script>", "%0A"];

    /// <summary>Reads the operations of the document at <c>/openapi/v1.json</c>.</summary>
    public static async Task<IReadOnlyList<ApiOperation>> OperationsAsync(HttpClient client, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        var document = JsonNode.Parse(await client.GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative), cancellationToken))!;
        return [.. document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject().Select(operation => new ApiOperation(
            operation.Key.ToUpperInvariant(),
            path.Key,
            [.. (operation.Value!["parameters"]?.AsArray() ?? []).Where(parameter => (string?)parameter!["in"] == "query").Select(parameter => (string)parameter!["name"]!)],
            Resolve(document, operation.Value["requestBody"]?["content"]?["application/json"]?["schema"]))
        {
            Id = (string?)operation.Value["operationId"],
            Scope = (string?)operation.Value["security"]?.AsArray().Select(way => way?["oauth2"]?[0]).FirstOrDefault(scope => scope is not null),
        }))];
    }

    /// <summary>Sends <paramref name="operation"/> everything that is wrong about one of its values, and gives each answer that is not well worded or no refusal at all.</summary>
    /// <returns>How many were refused, and what was wrong with those that were not refused well.</returns>
    public static async Task<(int Refused, IReadOnlyList<string> Faults)> WalkAsync(
        ApiOperation operation, Func<HttpRequestMessage, Task<HttpResponseMessage>> send, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(operation);
        ArgumentNullException.ThrowIfNull(send);
        var faults = new List<string>();
        var refused = 0;
        foreach (var (tried, request) in Requests(operation))
        {
            using var answer = await send(request);
            var text = await answer.Content.ReadAsStringAsync(cancellationToken);
            if ((int)answer.StatusCode >= 500)
                faults.Add($"{tried}: {(int)answer.StatusCode}");
            if (answer.StatusCode != HttpStatusCode.BadRequest)
                continue;

            refused++;
            if (Wording.Fault(JsonElement.Parse(text)) is { } fault)
                faults.Add($"{tried}: {fault}");
        }

        return (refused, faults);
    }

    private static IEnumerable<(string Tried, HttpRequestMessage Request)> Requests(ApiOperation operation)
    {
        foreach (var (name, value) in operation.Query.Append("unknown").SelectMany(name => Texts.Select(text => (name, text))))
            yield return ($"?{name}={value}", new(new(operation.Method), new Uri($"{operation.Address}?{name}={value}", UriKind.Relative)));
        foreach (var body in Bodies(operation.Body))
        {
            yield return (body.Length > 200 ? body[..200] : body, new(new(operation.Method), new Uri(operation.Address, UriKind.Relative))
            {
                Content = HostileContent.Of(body, "application/json"),
            });
        }
    }

    private static IEnumerable<string> Bodies(JsonNode? schema)
    {
        if (schema is null)
            return [];

        var whole = Sample(schema);
        return ["", "null", "[]", "{", "5", "{}", .. Places(whole).SelectMany(place => Values.Select(value => With(whole, place, value)).Append(Without(whole, place)))];
    }

    /// <summary>Something of the right kinds, whatever its values are worth.</summary>
    private static JsonNode Sample(JsonNode schema)
    {
        var kind = schema["type"] is JsonArray kinds ? (string)kinds.First(one => (string)one! != "null")! : (string?)schema["type"];
        return kind switch
        {
            "object" => new JsonObject(schema["properties"]!.AsObject().Select(property => KeyValuePair.Create(property.Key, (JsonNode?)Sample(property.Value!)))),
            "array" => new JsonArray(Sample(schema["items"]!)),
            "integer" or "number" => 1,
            "boolean" => true,
            _ => (string?)schema["format"] == "uuid" ? "0198f000-0000-7000-8000-000000000001" : "a",
        };
    }

    internal static IEnumerable<string> Places(JsonNode node, string at = "")
    {
        var inner = node switch
        {
            JsonObject members => members.SelectMany(member => Places(member.Value!, $"{at}/{member.Key}")),
            JsonArray items => items.SelectMany((item, index) => Places(item!, $"{at}/{index}")),
            _ => [],
        };
        return at.Length == 0 ? inner : inner.Prepend(at);
    }

    internal static string With(JsonNode whole, string place, string value)
    {
        const string Mark = "\"@here\"";
        var (changed, parent, last) = Copy(whole, place);
        if (parent is JsonArray items)
            items[int.Parse(last, System.Globalization.CultureInfo.InvariantCulture)] = "@here";
        else
            parent[last] = "@here";
        return changed.ToJsonString().Replace(Mark, value, StringComparison.Ordinal);
    }

    internal static string Without(JsonNode whole, string place)
    {
        var (changed, parent, last) = Copy(whole, place);
        if (parent is JsonObject members)
            members.Remove(last);
        return changed.ToJsonString();
    }

    /// <summary>The schema of the value at <paramref name="place"/>, where the document has one for it.</summary>
    internal static JsonNode? SchemaAt(JsonNode schema, string place)
        => place.Split('/')[1..].Aggregate((JsonNode?)schema, (node, step) => node?["properties"]?[step] ?? node?["items"]);

    private static (JsonNode Whole, JsonNode Parent, string Last) Copy(JsonNode whole, string place)
    {
        var copy = whole.DeepClone();
        var steps = place.Split('/')[1..];
        var parent = steps[..^1].Aggregate(copy, (node, step) => node is JsonArray items ? items[int.Parse(step, System.Globalization.CultureInfo.InvariantCulture)]! : node[step]!);
        return (copy, parent, steps[^1]);
    }

    private static JsonNode? Resolve(JsonNode document, JsonNode? schema)
    {
        if (schema is null)
            return null;
        if ((string?)schema["$ref"] is { } reference)
            return Resolve(document, reference.Split('/')[1..].Aggregate(document, (node, step) => node[step]!));

        var copy = schema.DeepClone();
        if (copy["properties"] is JsonObject properties)
        {
            foreach (var (name, value) in properties.ToList())
                properties[name] = Resolve(document, value!.DeepClone());
        }

        if (copy["items"] is { } items)
            copy["items"] = Resolve(document, items.DeepClone());
        return copy;
    }
}
