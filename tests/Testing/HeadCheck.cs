namespace SecureShop.Testing;

/// <summary>Compares what HEAD answers with what GET answers.</summary>
public static class HeadCheck
{
    // Of the body, of the moment, or of the one request.
    private static readonly string[] Own = ["Transfer-Encoding", "Date", "RateLimit", "Retry-After"];

    /// <summary>Sends <paramref name="request"/> as GET and as HEAD, and says how they differ: nothing, or one line a difference.</summary>
    public static async Task<IReadOnlyList<string>> DifferencesAsync(
        HttpClient client, Func<HttpMethod, HttpRequestMessage> request, Version version, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(request);
        var (get, _) = await SendAsync(HttpMethod.Get);
        var (head, length) = await SendAsync(HttpMethod.Head);
        List<string> differences = [.. get.Except(head, StringComparer.Ordinal).Select(line => $"only GET: {line}"), .. head.Except(get, StringComparer.Ordinal).Select(line => $"only HEAD: {line}")];
        if (length > 0)
            differences.Add($"HEAD has a body of {length} bytes");
        return differences;

        async Task<(List<string> Lines, long Length)> SendAsync(HttpMethod method)
        {
            using var message = request(method);
            (message.Version, message.VersionPolicy) = (version, HttpVersionPolicy.RequestVersionExact);
            using var answer = await client.SendAsync(message, cancellationToken);
            var lines = answer.Headers.Concat(answer.Content.Headers)
                .Where(header => !Own.Contains(header.Key, StringComparer.OrdinalIgnoreCase) && (header.Key != "Content-Length" || method != HttpMethod.Get || header.Value.Single() != "0"))
                .Select(header => $"{header.Key}: {string.Join(", ", header.Value)}")
                .Prepend($"{(int)answer.StatusCode}");
            return ([.. lines], (await answer.Content.ReadAsByteArrayAsync(cancellationToken)).LongLength);
        }
    }
}
