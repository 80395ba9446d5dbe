using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;

namespace SecureShop.ServiceDefaults.Services;

/// <summary>This service's own access tokens by client credentials, one per scope, kept until shortly before they expire.</summary>
internal sealed class ClientTokens(TokenEndpoint identity, TimeProvider clock) : IDisposable
{
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
        var grant = await identity.AskAsync("client_credentials", new("scope", scope), cancellation)
            ?? throw new HttpRequestException($"The identity server gave no token for {scope}.");
        kept[scope] = new(grant.AccessToken, clock.GetUtcNow() + grant.KeepFor);
        return grant.AccessToken;
    }

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
