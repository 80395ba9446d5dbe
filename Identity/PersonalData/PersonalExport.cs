using SecureShop.Identity.ApiKeys;
using SecureShop.Identity.Audit;

namespace SecureShop.Identity.PersonalData;

/// <summary>All that Identity holds about a person, but for what would open their account to whoever finds the file.</summary>
internal sealed record PersonalDocument(
    PersonalProfile Profile, IReadOnlyList<string> Roles, PersonalFactors Factors, IReadOnlyList<PersonalSession> Sessions,
    IReadOnlyList<PersonalApiKey> ApiKeys, IAsyncEnumerable<PersonalEvent> Events);

/// <summary>The account itself.</summary>
internal sealed record PersonalProfile(Guid Id, string? Email, bool EmailConfirmed, string Name, DateTimeOffset CreatedAt);

/// <summary>What they sign in by besides their password.</summary>
internal sealed record PersonalFactors(bool TwoFactor, int RecoveryCodesLeft, IReadOnlyList<PersonalPasskey> Passkeys);

internal sealed record PersonalPasskey(string? Name, DateTimeOffset CreatedAt);

internal sealed record PersonalSession(
    string Id, string Device, string? Address, DateTimeOffset CreatedAt, DateTimeOffset LastSeenAt, IReadOnlyList<string> Methods);

internal sealed record PersonalEvent(
    DateTimeOffset At, int Id, string Name, string? Reason, string? Client, string? Network, JsonElement? Details);

/// <summary>Without the hash.</summary>
internal sealed record PersonalApiKey(
    Guid Id, string Name, string Shown, IReadOnlyList<string> Scopes, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt,
    DateTimeOffset? LastUsedAt, DateTimeOffset? RotatedAt, DateTimeOffset? RevokedAt);

/// <summary>Gathers a person's data (GDPR, articles 15 and 20).</summary>
internal sealed class PersonalExport(
    IdentityDbContext database, UserManager<ShopUser> users, ShopSessions sessions, AuditTrail audit, SecurityLog security)
{
    /// <returns>The document; its events are read while it is written. Null where there is no such account.</returns>
    public async Task<PersonalDocument?> GatherAsync(Guid userId, CancellationToken cancellationToken)
    {
        if (await users.FindByIdAsync(userId.ToString()) is not { } user)
            return null;
        var keys = await database.Set<ApiKeyRow>().Where(key => key.UserId == userId).OrderBy(key => key.Id)
            .Select(key => new PersonalApiKey(
                key.Id, key.Name, key.Shown, key.Scopes, key.CreatedAt, key.ExpiresAt, key.LastUsedAt, key.RotatedAt, key.RevokedAt))
            .ToListAsync(cancellationToken);
        var passkeys = (await users.GetPasskeysAsync(user)).Select(passkey => new PersonalPasskey(passkey.Name, passkey.CreatedAt));
        var document = new PersonalDocument(
            new(user.Id, user.Email, user.EmailConfirmed, user.DisplayName, user.CreatedAt),
            [.. await users.GetRolesAsync(user)],
            new(await users.GetTwoFactorEnabledAsync(user), await users.CountRecoveryCodesAsync(user), [.. passkeys]),
            [.. (await sessions.ListAsync(userId, cancellationToken)).Select(session => new PersonalSession(
                session.Id, session.Device, session.Address?.ToString(), session.CreatedAt, session.LastSeenAt, session.Methods))],
            keys,
            audit.About(userId).AsAsyncEnumerable().Select(line => new PersonalEvent(
                line.At, line.EventId, line.Event, line.Reason, line.Client, line.Network,
                line.Details is null ? null : JsonElement.Parse(line.Details))));
        security.ForCurrentRequest(StatusCodes.Status200OK).DataExported(userId.ToString());
        return document;
    }
}
