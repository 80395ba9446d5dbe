using Duende.IdentityServer.Validation;

namespace SecureShop.Identity.Tokens.Duende;

/// <summary>
/// What stems from one authorization: a code, its refresh tokens and their access tokens. A row each, which all of them need to be
/// alive, so that one statement ends them together. IdentityServer carries the id of the family as the grant's description.
/// </summary>
internal sealed class Families(IdentityDbContext database, TimeProvider clock)
{
    /// <summary>The claim by which an access token names its family.</summary>
    public const string Claim = "grant_id";

    private const string Type = "family";

    /// <summary>Whether this request has brought what had been used before.</summary>
    public bool IsReused { get; private set; }

    public static string NewId() => RandomNumberGenerator.GetHexString(32, lowercase: true);

    /// <summary>The family that the tokens of a request will belong to.</summary>
    public static string? Of(ValidatedRequest request) => request is ValidatedTokenRequest asked
        ? asked.AuthorizationCode?.Description ?? asked.RefreshToken?.Description ?? asked.DeviceCode?.Description : null;

    public async Task BeginAsync(string id, string? subject, string? session, string client)
    {
        var now = clock.GetUtcNow();
        database.Grants.Add(new GrantRow
        {
            Key = id,
            Type = Type,
            SubjectId = subject,
            SessionId = session,
            ClientId = client,
            CreatedAt = now,
            ExpiresAt = now + TokenLifetimes.RefreshLongest,
            Data = "",
        });
        await database.SaveChangesAsync();
    }

    public Task<bool> LivesAsync(string? id)
    {
        var now = clock.GetUtcNow();
        return database.Grants.AnyAsync(row => row.Key == id && row.Type == Type && row.ConsumedAt == null && row.ExpiresAt > now);
    }

    public async Task EndAsync(string? id)
    {
        DateTimeOffset? now = clock.GetUtcNow();
        await database.Grants.Where(row => row.Key == id && row.Type == Type && row.ConsumedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.ConsumedAt, now));
    }

    /// <summary>Token theft: a code or refresh token came a second time, and nobody can tell which of the two holders stole it.</summary>
    public Task EndReusedAsync(string? id)
    {
        IsReused = true;
        return EndAsync(id);
    }
}
