using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace SecureShop.ServiceDefaults.Services;

/// <summary>This service's own access tokens by client credentials, one per scope, kept until shortly before they expire.</summary>
internal sealed class ClientTokens(IHttpClientFactory clients, ClientAssertion assertion, TimeProvider clock) : IDisposable
{
    public const string HttpClientName = "client-tokens";

    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, Kept> kept = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim asking = new(1, 1);

    public async Task<string> GetAsync(string scope, CancellationToken cancellation)
    {
        if (Current(scope) is { } token)
            return token;

        // One asks, the others wait for its answer: an expiry under load must not become a burst at the token endpoint.
        await asking.WaitAsync(cancellation);
        try
        {
            return Current(scope) ?? await AskAsync(scope, cancellation);
        }
        finally
        {
            asking.Release();
        }
    }

    /// <summary>Forgets <paramref name="token"/>, which a service refused.</summary>
    public void Forget(string scope, string token)
    {
        if (kept.TryGetValue(scope, out var current) && current.Token == token)
            kept.TryRemove(new(scope, current));
    }

    public void Dispose() => asking.Dispose();

    private string? Current(string scope)
        => kept.TryGetValue(scope, out var token) && clock.GetUtcNow() < token.Until ? token.Token : null;

    private async Task<string> AskAsync(string scope, CancellationToken cancellation)
    {
        using var client = clients.CreateClient(HttpClientName);
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["grant_type"] = "client_credentials",
            ["scope"] = scope,
            ["client_id"] = assertion.ClientId,
            ["client_assertion_type"] = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            ["client_assertion"] = assertion.Create(),
        });
        using var answer = await client.PostAsync(new Uri("/connect/token", UriKind.Relative), form, cancellation);
        if (!answer.IsSuccessStatusCode)
            throw new HttpRequestException($"The identity server gave no token for {scope}: {(int)answer.StatusCode}.", null, answer.StatusCode);

        var grant = await ReadAsync(answer.Content, cancellation);
        var lifetime = TimeSpan.FromSeconds(Math.Clamp(grant.ExpiresIn, 0, 3600));
        var until = clock.GetUtcNow() + (lifetime > 2 * Margin ? lifetime - Margin : lifetime / 2);
        kept[scope] = new(grant.AccessToken, until);
        return grant.AccessToken;
    }

    private static async Task<Grant> ReadAsync(HttpContent content, CancellationToken cancellation)
    {
        try
        {
            var grant = await content.ReadFromJsonAsync<Grant>(cancellation);
            return grant is { AccessToken.Length: > 0 and <= 8192, TokenType: var type } && string.Equals(type, "Bearer", StringComparison.OrdinalIgnoreCase)
                ? grant
                : throw new HttpRequestException("The identity server's answer holds no bearer token.");
        }
        catch (JsonException failure)
        {
            throw new HttpRequestException("The identity server's answer is not understood.", failure);
        }
    }

    private sealed record Grant(
        [property: JsonPropertyName("access_token")] string AccessToken,
        [property: JsonPropertyName("token_type")] string TokenType,
        [property: JsonPropertyName("expires_in")] int ExpiresIn);

    private sealed record Kept(string Token, DateTimeOffset Until);
}

/// <summary>Puts the service's own token on a call. The user's token is never passed on: it was not made for that audience.</summary>
internal sealed class ClientTokenHandler(string scope, ClientTokens tokens) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var token = await tokens.GetAsync(scope, cancellationToken);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        var answer = await base.SendAsync(request, cancellationToken);
        if (answer.StatusCode == HttpStatusCode.Unauthorized)
            tokens.Forget(scope, token);
        return answer;
    }
}
