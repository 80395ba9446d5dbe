using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using NJsonSchema;

namespace SecureShop.Testing;

/// <summary>
/// Compares every answer with what the service's own document says of it: status, media type, and the JSON to its last member. One
/// member too many is how a service tells what it should not (OWASP API3:2023).
/// </summary>
public sealed class AnswerSchemas(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private static readonly ConcurrentDictionary<string, Task<ApiAnswers>> Documents = new(StringComparer.Ordinal);

    /// <summary>A client of the service at <paramref name="address"/>, like <see cref="TestCertificate.Client"/>, all of whose answers are compared.</summary>
    public static HttpClient Client(Uri address) => new(new AnswerSchemas(TestCertificate.Handler()), disposeHandler: true)
    {
        BaseAddress = address,
        Timeout = TimeSpan.FromSeconds(30),
    };

    /// <summary>Sends the request; throws <see cref="InvalidDataException"/> where the answer is another than the document says.</summary>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var answer = await base.SendAsync(request, cancellationToken);
        var document = await Documents.GetOrAdd(request.RequestUri!.GetLeftPart(UriPartial.Authority), LoadAsync);
        if (document.Of(request.Method.Method, request.RequestUri.AbsolutePath) is not { } answers)
            return answer;

        var text = await answer.Content.ReadAsStringAsync(cancellationToken);
        if (Fault(answers, answer, text) is { } fault)
            throw new InvalidDataException($"{request.Method} {request.RequestUri.PathAndQuery}: {(int)answer.StatusCode} {fault}\n{text}");
        return answer;
    }

    private async Task<ApiAnswers> LoadAsync(string service)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"{service}/openapi/v1.json"));
        using var answer = await base.SendAsync(request, CancellationToken.None);
        return await ApiAnswers.OfAsync(JsonNode.Parse(await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync())!);
    }

    private static string? Fault(IReadOnlyDictionary<string, AnswerShape> answers, HttpResponseMessage answer, string text)
    {
        // Of what went wrong here no document tells.
        if (!answers.TryGetValue(((int)answer.StatusCode).ToString(CultureInfo.InvariantCulture), out var shape))
            return answer.StatusCode == HttpStatusCode.InternalServerError ? null : "is not in the document.";
        if (shape.Schema is null)
            return text.Length == 0 ? null : "has a body, and none in the document.";
        if (answer.Content.Headers.ContentType?.MediaType != shape.MediaType)
            return $"is {answer.Content.Headers.ContentType} and not {shape.MediaType}.";
        var errors = shape.Schema.Validate(text);
        return errors.Count == 0 ? null : string.Join('\n', errors.Select(error => error.ToString()));
    }
}

/// <summary>One answer as the document has it; no schema stands for no body.</summary>
internal sealed record AnswerShape(string MediaType, JsonSchema? Schema);

/// <summary>The answers of all operations of a document.</summary>
internal sealed class ApiAnswers
{
    private readonly List<(string Method, string[] Path, Dictionary<string, AnswerShape> Answers)> operations = [];

    public static async Task<ApiAnswers> OfAsync(JsonNode document)
    {
        var made = new ApiAnswers();
        var components = Strict(document["components"]!["schemas"]!);
        foreach (var (path, methods) in document["paths"]!.AsObject())
        {
            foreach (var (method, operation) in methods!.AsObject())
            {
                var answers = new Dictionary<string, AnswerShape>(StringComparer.Ordinal);
                foreach (var (status, response) in operation!["responses"]!.AsObject())
                    answers[status] = await ShapeAsync(response!, components);
                made.operations.Add((method.ToUpperInvariant(), path.Split('/'), answers));
            }
        }

        return made;
    }

    /// <summary>Those of the operation at <paramref name="path"/>; a path that is written out goes before one with a place for an id.</summary>
    public IReadOnlyDictionary<string, AnswerShape>? Of(string method, string path)
    {
        var steps = path.Split('/');
        return operations
            .Where(one => one.Method == method && one.Path.Length == steps.Length && one.Path.Zip(steps).All(pair => pair.First == pair.Second || (pair.First.StartsWith('{') && Guid.TryParse(pair.Second, out _))))
            .OrderBy(one => one.Path.Count(step => step.StartsWith('{')))
            .Select(one => one.Answers)
            .FirstOrDefault();
    }

    private static async Task<AnswerShape> ShapeAsync(JsonNode response, JsonNode components)
    {
        if (response["content"] is not JsonObject content || content.Count == 0)
            return new("", null);
        var (type, media) = content.Single();
        var schema = new JsonObject { ["definitions"] = components.DeepClone(), ["allOf"] = new JsonArray(Strict(media!["schema"]!)) };
        return new(type, await JsonSchema.FromJsonAsync(schema.ToJsonString().Replace("#/components/schemas/", "#/definitions/", StringComparison.Ordinal)));
    }

    /// <summary>An object has the members that are named, and no other.</summary>
    private static JsonNode Strict(JsonNode schema)
    {
        var copy = schema.DeepClone();
        Close(copy);
        return copy;

        static void Close(JsonNode? node)
        {
            if (node is JsonObject members)
            {
                if (members["properties"] is JsonObject && !members.ContainsKey("additionalProperties"))
                    members["additionalProperties"] = false;
                foreach (var member in members.ToList())
                    Close(member.Value);
            }
            else if (node is JsonArray items)
            {
                foreach (var item in items)
                    Close(item);
            }
        }
    }
}
