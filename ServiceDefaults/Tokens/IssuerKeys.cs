using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Tokens;

namespace SecureShop.ServiceDefaults.Tokens;

/// <summary>The keys of the identity server, where that is this very process.</summary>
public interface IOwnKeys
{
    /// <summary>The key of that id, while it is in use; the same object as long as it is.</summary>
    SecurityKey? Find(string id);
}

/// <summary>
/// The identity server's public keys, fetched from its internal address and cached. IdentityModel's ConfigurationManager does not
/// fit: it never stops serving old keys, asks anew for each request while it has none, refuses the first token of a new key (its
/// refresh runs beside the request), and lets no test move its clock.
/// </summary>
internal sealed partial class IssuerKeys(IHttpClientFactory clients, TimeProvider clock, ILogger<IssuerKeys> logger, IOwnKeys? own = null)
{
    public const string ClientName = "issuer-keys";

    private const int MaxKeys = 32;

    /// <summary>Made-up key ids must not turn every request into two.</summary>
    private static readonly TimeSpan MinimumAge = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan RenewalAge = TimeSpan.FromMinutes(10);

    /// <summary>A restart of the identity server must not sign everyone out; a withdrawn key must not live on for ever.</summary>
    public static readonly TimeSpan MaximumAge = TimeSpan.FromDays(1);

    private readonly Lock gate = new();
    private Task refreshing = Task.CompletedTask;
    private DateTimeOffset tried = DateTimeOffset.MinValue;
    private volatile Snapshot known = new([], DateTimeOffset.MinValue);

    /// <summary>The key named <paramref name="id"/>, or null when the issuer has none of that name.</summary>
    /// <exception cref="KeysUnavailableException">No keys were received, or not for a day.</exception>
    public async ValueTask<SecurityKey?> FindAsync(string? id)
    {
        if (string.IsNullOrEmpty(id))
            return null;
        if (own is not null)
            return own.Find(id);

        if (FindKnown(id) is { } key)
            return key;

        await RefreshAsync();
        return IsGood(known)
            ? known.Keys.GetValueOrDefault(id)
            : throw new KeysUnavailableException("The identity server's keys were not received.");
    }

    /// <summary>The same of what is known by now. As long as the key is the same, so is this object.</summary>
    public SecurityKey? FindKnown(string id)
    {
        if (own is not null)
            return own.Find(id);
        if (!IsGood(known) || !known.Keys.TryGetValue(id, out var key))
            return null;

        // Nobody waits: a good token is judged at once, however slow the identity server is.
        if (clock.GetUtcNow() - known.Received > RenewalAge)
            _ = RefreshAsync();
        return key;
    }

    private bool IsGood(Snapshot snapshot) => snapshot.Keys.Count > 0 && clock.GetUtcNow() - snapshot.Received <= MaximumAge;

    /// <summary>One refresh for all who want one, and none soon after another.</summary>
    private Task RefreshAsync()
    {
        lock (gate)
        {
            var now = clock.GetUtcNow();
            if (refreshing.IsCompleted && now - tried >= MinimumAge)
            {
                tried = now;
                refreshing = Task.Run(FetchAsync);
            }

            return refreshing;
        }
    }

    private async Task FetchAsync()
    {
        try
        {
            using var client = clients.CreateClient(ClientName);
            var set = JsonWebKeySet.Create(await client.GetStringAsync(new Uri("/.well-known/openid-configuration/jwks", UriKind.Relative)));
            var keys = set.Keys.Where(IsUsable).Take(MaxKeys).DistinctBy(key => key.Kid, StringComparer.Ordinal).ToList();

            // An answer without a single key is a fault of the answer, and no reason to refuse everybody.
            if (keys.Count == 0)
                throw new InvalidOperationException("No usable key.");
            known = new(keys.ToDictionary(key => key.Kid, SecurityKey (key) => PublicOnly(key), StringComparer.Ordinal), clock.GetUtcNow());
        }
        catch (Exception failure)
        {
            KeysNotReceived(failure.GetType().Name);
        }
    }

    private static bool IsUsable(JsonWebKey key)
        => key is { Kty: "EC", Crv: "P-256", Kid.Length: > 0 and <= 128, X: not null, Y: not null } && key.Use is null or "sig";

    // A copy of the public part: whatever else the document says of a key (d, x5c, jku) stays behind.
    private static JsonWebKey PublicOnly(JsonWebKey key)
        => new() { Kid = key.Kid, Kty = key.Kty, Crv = key.Crv, X = key.X, Y = key.Y };

    [LoggerMessage(1111, LogLevel.Warning, "The identity server's keys could not be fetched ({Failure}); the ones known before stay in use, for a day.")]
    private partial void KeysNotReceived(string failure);

    private sealed record Snapshot(Dictionary<string, SecurityKey> Keys, DateTimeOffset Received);
}
