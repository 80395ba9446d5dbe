using System.Net.Http.Headers;

namespace SecureShop.Dashboard.Tests.Support;

/// <summary>Sends telemetry as services do.</summary>
internal sealed class Sample(Uri receiver, string key) : IDisposable
{
    private const int BatchSize = 512;

    private readonly HttpClient _client = PemCertificate.Client(receiver);

    public void Dispose() => _client.Dispose();

    public async Task SpansAsync(string resource, IEnumerable<SampleSpan> spans, string? instance = null, string scope = "Microsoft.AspNetCore")
    {
        foreach (var batch in spans.Chunk(BatchSize))
            await SendAsync("/v1/traces", OtlpWriter.Request(resource, instance ?? resource, [(scope, batch.Select(span => span.Write()))]));
    }

    public async Task LogsAsync(string resource, string category, IEnumerable<SampleLog> logs, string? instance = null)
    {
        foreach (var batch in logs.Chunk(BatchSize))
            await SendAsync("/v1/logs", OtlpWriter.Request(resource, instance ?? resource, [(category, batch.Select(log => log.Write()))]));
    }

    public Task MetricsAsync(string resource, string meter, IEnumerable<byte[]> metrics, string? instance = null) =>
        SendAsync("/v1/metrics", OtlpWriter.Request(resource, instance ?? resource, [(meter, metrics)]));

    /// <summary>Posts; an answer that is not 200 fails.</summary>
    /// <returns>The body, empty when all was kept.</returns>
    public async Task<byte[]> SendAsync(string path, byte[] message)
    {
        using var answer = await PostAsync(path, message);
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadAsByteArrayAsync();
    }

    public Task<HttpResponseMessage> PostAsync(string path, byte[] message, string? withKey = null) => PostAsync(path, Content(message), withKey ?? key);

    public async Task<HttpResponseMessage> PostAsync(string path, HttpContent content, string? withKey)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
        if (withKey is not null)
            request.Headers.TryAddWithoutValidation("x-otlp-api-key", withKey);
        return await _client.SendAsync(request);
    }

    /// <summary>Sends something else, with the key.</summary>
    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request)
    {
        request.Headers.Add("x-otlp-api-key", key);
        return _client.SendAsync(request);
    }

    public static ByteArrayContent Content(byte[] message) => new(message) { Headers = { ContentType = new MediaTypeHeaderValue("application/x-protobuf") } };
}
