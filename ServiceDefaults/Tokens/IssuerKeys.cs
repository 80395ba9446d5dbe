using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Tokens;

namespace SecureShop.ServiceDefaults.Tokens;

/// <summary>
/// The identity server's public keys, fetched from its internal address and cached. An unknown key id asks for fresh
/// ones, but at most once in <see cref="MinimumAge"/>: made-up ids must not turn every request into two.
/// </summary>
internal sealed partial class IssuerKeys(IHttpClientFactory clients, TimeProvider clock, ILogger<IssuerKeys> logger) : IDisposable
{
    public const string ClientName = "issuer-keys";

    private const int MaxKeys = 32;
    private static readonly TimeSpan MinimumAge = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan MaximumAge = TimeSpan.FromMinutes(10);

    private readonly SemaphoreSlim refreshing = new(1, 1);
    private volatile Snapshot snapshot = new(new Dictionary<string, SecurityKey>(StringComparer.Ordinal), DateTimeOffset.MinValue, DateTimeOffset.MinValue);

    /// <summary>The key named <paramref name="id"/>, or null when the issuer has none of that name.</summary>
    /// <exception cref="KeysUnavailableException">No keys were ever received.</exception>
    public async Task<SecurityKey?> FindAsync(string? id, CancellationToken cancellation)
    {
        if (string.IsNullOrEmpty(id))
            return null;

        var now = clock.GetUtcNow();
        var current = snapshot;
        var known = current.Keys.GetValueOrDefault(id);
        var wanted = known is null || now - current.Received > MaximumAge;
        if (wanted && now - current.Tried >= MinimumAge)
        {
            current = await RefreshAsync(now, cancellation);
            known = current.Keys.GetValueOrDefault(id);
        }

        if (known is null && current.Keys.Count == 0)
            throw new KeysUnavailableException("The identity server's keys were never received.");
        return known;
    }

    private async Task<Snapshot> RefreshAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        await refreshing.WaitAsync(cancellation);
        try
        {
            // Someone else was first.
            if (now - snapshot.Tried < MinimumAge)
                return snapshot;

            try
            {
                snapshot = new(await FetchAsync(cancellation), now, now);
            }
            catch (Exception failure) when (failure is HttpRequestException or JsonException or TaskCanceledException or InvalidOperationException)
            {
                // Old keys stay good for a while: a restart of the identity server must not sign everyone out.
                KeysNotReceived(failure.GetType().Name);
                snapshot = snapshot with { Tried = now };
            }

            return snapshot;
        }
        finally
        {
            refreshing.Release();
        }
    }

    private async Task<IReadOnlyDictionary<string, SecurityKey>> FetchAsync(CancellationToken cancellation)
    {
        using var client = clients.CreateClient(ClientName);
        using var answer = await client.GetAsync(new Uri("/.well-known/openid-configuration/jwks", UriKind.Relative), cancellation);
        answer.EnsureSuccessStatusCode();
        var set = JsonWebKeySet.Create(await answer.Content.ReadAsStringAsync(cancellation));
        return set.Keys.Where(IsUsable).Take(MaxKeys).DistinctBy(key => key.Kid, StringComparer.Ordinal)
            .ToDictionary(key => key.Kid, SecurityKey (key) => PublicOnly(key), StringComparer.Ordinal);
    }

    private static bool IsUsable(JsonWebKey key)
        => key is { Kty: "EC", Crv: "P-256", Kid.Length: > 0 and <= 128, X: not null, Y: not null } && key.Use is null or "sig";

    // A copy of the public part: whatever else the document says of a key (d, x5c, jku) stays behind.
    private static JsonWebKey PublicOnly(JsonWebKey key)
        => new() { Kid = key.Kid, Kty = key.Kty, Crv = key.Crv, X = key.X, Y = key.Y };

    public void Dispose() => refreshing.Dispose();

    [LoggerMessage(1111, LogLevel.Warning, "The identity server's keys could not be fetched ({Failure}); the ones known before stay in use.")]
    private partial void KeysNotReceived(string failure);

    private sealed record Snapshot(IReadOnlyDictionary<string, SecurityKey> Keys, DateTimeOffset Received, DateTimeOffset Tried);
}
