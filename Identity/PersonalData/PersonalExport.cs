using SecureShop.Storage.PersonalData;

namespace SecureShop.Identity.PersonalData;

/// <summary>
/// Gathers all that Identity holds about a person (GDPR, articles 15 and 20), but for what would open their account to whoever finds the
/// file: no hash of a password or key, and nothing that is sealed; and what the other services have answered.
/// </summary>
internal sealed class PersonalExport(IdentityDbContext database, PersonalRequests requests, UserManager<ShopUser> users, ShopSessions sessions, SecurityLog security)
{
    /// <returns>What is to be written as JSON; its events are read meanwhile. Null where there is no such account, or a service has not answered.</returns>
    public async Task<object?> GatherAsync(Guid userId, CancellationToken cancellationToken)
    {
        if (await users.FindByIdAsync(userId.ToString()) is not { } user || await requests.FindExportAsync(userId.ToString(), cancellationToken) is not { IsComplete: true } answered)
            return null;
        var keys = await database.Set<ApiKeyRow>().Where(key => key.UserId == userId).OrderBy(key => key.Id)
            .Select(key => new { key.Id, key.Name, key.Shown, key.Scopes, key.CreatedAt, key.ExpiresAt, key.LastUsedAt, key.RotatedAt, key.RevokedAt })
            .ToListAsync(cancellationToken);
        var document = new
        {
            Profile = new { user.Id, user.Email, user.EmailConfirmed, Name = user.DisplayName, user.CreatedAt },
            Roles = await users.GetRolesAsync(user),
            Factors = new
            {
                TwoFactor = user.TwoFactorEnabled,
                RecoveryCodesLeft = await users.CountRecoveryCodesAsync(user),
                Passkeys = (await users.GetPasskeysAsync(user)).Select(passkey => new { passkey.Name, passkey.CreatedAt }),
            },
            Sessions = (await sessions.ListAsync(userId, cancellationToken)).Select(session
                => new { session.Id, session.Device, session.Address, session.CreatedAt, session.LastSeenAt, session.Methods }),
            ApiKeys = keys,
            Services = requests.Open(answered).ToDictionary(part => part.Key, part => part.Value is null ? (object)"Too large for this file: ask support." : JsonElement.Parse(part.Value)),
            Events = database.AuditCopyAbout(userId),
        };
        security.ForCurrentRequest(StatusCodes.Status200OK).DataExported(userId.ToString());
        return document;
    }
}
