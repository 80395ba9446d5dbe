using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using SecureShop.ServiceDefaults.Paging;
using SecureShop.ServiceDefaults.Services;

namespace SecureShop.Storage.PersonalData;

/// <summary>Asks Identity what people want of this service, and answers.</summary>
internal sealed class PersonalDataClient(HttpClient http)
{
    public const string Export = "export";
    public const string Erase = "erase";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { MaxDepth = 16 };

    /// <summary>One page of what waits, from where <paramref name="after"/> says.</summary>
    /// <exception cref="HttpRequestException">Identity does not answer, or not with that.</exception>
    public async Task<Page<PersonalPartResponse>> ListAsync(string? after, CancellationToken cancellationToken)
    {
        using var answer = await http.GetAsync(new Uri($"personal-parts?limit=100{(after is null ? "" : $"&after={Uri.EscapeDataString(after)}")}", UriKind.Relative), cancellationToken);
        answer.EnsureSuccessStatusCode();
        try
        {
            return await answer.Content.ReadFromJsonAsync<Page<PersonalPartResponse>>(Json, cancellationToken) is { Items: not null } page ? page : throw new JsonException();
        }
        catch (JsonException fault)
        {
            throw new HttpRequestException("Identity's list is not the JSON that was agreed on.", fault);
        }
    }

    /// <summary>What <paramref name="content"/> is as the part of a copy; null where it is longer than Identity takes.</summary>
    public static byte[]? Write(object? content)
        => content is not null && JsonSerializer.SerializeToUtf8Bytes(content, content.GetType(), Json) is { Length: <= PersonalRequests.MaxContent } written ? written : null;

    /// <summary>Answers with a copy.</summary>
    public async Task AnswerAsync(Guid id, byte[]? content, CancellationToken cancellationToken)
    {
        using var copy = content is null ? null : JsonDocument.Parse(content);
        await SendAsync(id, new { state = content is null ? "too_large" : "done", content = copy?.RootElement }, cancellationToken);
    }

    /// <summary>Answers that all is erased.</summary>
    public Task AnswerErasedAsync(Guid id, CancellationToken cancellationToken) => SendAsync(id, new { state = "done" }, cancellationToken);

    private async Task SendAsync(Guid id, object answer, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, new Uri($"personal-parts/{id:D}", UriKind.Relative));
        request.Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(answer, Json)) { Headers = { ContentType = new("application/json") } };
        using var taken = await http.SendAsync(request.MarkIdempotent(), cancellationToken);

        // Nobody waits for it any more, or another replica was faster: either way there is nothing left to do.
        if (taken.StatusCode is not (HttpStatusCode.NotFound or HttpStatusCode.Conflict))
            taken.EnsureSuccessStatusCode();
    }
}
