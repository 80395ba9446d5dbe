using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SecureShop.Catalog.Tests;

/// <summary>An answer, with its body as JSON where it has one.</summary>
public sealed record Reply(HttpStatusCode Status, HttpResponseHeaders Headers, HttpContentHeaders ContentHeaders, string Text)
{
    public JsonNode Body => JsonNode.Parse(Text)!;

    public string Id => (string)Body["id"]!;

    public string ETag => Headers.ETag!.ToString();

    public JsonArray Items => Body["items"]!.AsArray();

    public IEnumerable<string> Names => Items.Select(item => (string)item!["name"]!);

    public string? Next => (string?)Body["next"];

    /// <summary>The fields that a validation problem names.</summary>
    public IEnumerable<string> Errors => Body["errors"]?.AsObject().Select(error => error.Key) ?? [];

    public Reply Expect(HttpStatusCode status)
    {
        Assert.True(Status == status, $"{(int)Status} instead of {(int)status}: {Text}");
        return this;
    }

    /// <summary>A problem, and nothing that tells of the inside (P32).</summary>
    public Reply ExpectProblem(HttpStatusCode status)
    {
        Expect(status);
        Assert.Equal("application/problem+json", ContentHeaders.ContentType?.MediaType);
        Assert.Equal((int)status, (int)Body["status"]!);
        foreach (var word in (string[])["Exception", "Npgsql", "   at ", "SELECT", "catalog.products"])
            Assert.DoesNotContain(word, Text, StringComparison.Ordinal);
        return this;
    }
}

/// <summary>Someone who calls the catalog.</summary>
public sealed class Caller(HttpClient client) : IDisposable
{
    public Task<Reply> Get(string path, string? ifNoneMatch = null)
        => Send(HttpMethod.Get, path, headers: ifNoneMatch is null ? [] : [("If-None-Match", ifNoneMatch)]);

    public Task<Reply> Post(string path, object? body) => Send(HttpMethod.Post, path, body);

    public Task<Reply> Put(string path, object? body, string? ifMatch = null)
        => Send(HttpMethod.Put, path, body, ifMatch is null ? [] : [("If-Match", ifMatch)]);

    public Task<Reply> Delete(string path, string? ifMatch = null)
        => Send(HttpMethod.Delete, path, headers: ifMatch is null ? [] : [("If-Match", ifMatch)]);

    /// <summary>Sends <paramref name="body"/>: a string as it is, anything else as JSON.</summary>
    public async Task<Reply> Send(HttpMethod method, string path, object? body = null, (string Name, string Value)[]? headers = null, string contentType = "application/json")
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        foreach (var (name, value) in headers ?? [])
            request.Headers.TryAddWithoutValidation(name, value);
        if (body is not null)
            request.Content = new StringContent(body as string ?? JsonSerializer.Serialize(body), Encoding.UTF8, contentType);

        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        return new(
            response.StatusCode,
            response.Headers,
            response.Content.Headers,
            await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>Adds a product and expects that to work.</summary>
    public async Task<Reply> Add(object? product = null)
        => (await Post("/products", product ?? Sample.Product())).Expect(HttpStatusCode.Created);

    /// <summary>How many there are of a product.</summary>
    public async Task<int> Stock(string id) => (int)(await Get($"/products/{id}/stock")).Expect(HttpStatusCode.OK).Body["quantity"]!;

    /// <summary>Sets it after a count, with <paramref name="tag"/> or that of now.</summary>
    public async Task<Reply> Count(string id, int quantity, string? tag = null)
        => await Put($"/products/{id}/stock", new { quantity }, tag ?? (await Get($"/products/{id}/stock")).ETag);

    public void Dispose() => client.Dispose();
}
