using SecureShop.Identity.Administration;
using SecureShop.Storage.PersonalData;

namespace SecureShop.Identity.PersonalData;

/// <summary>How an erasure ended.</summary>
internal enum ErasureOutcome
{
    Done,

    /// <summary>What was typed is not the account's address.</summary>
    NotConfirmed,

    /// <summary>Nobody would be left to administer the shop.</summary>
    LastAdmin,
}

/// <summary>
/// Erases an account (GDPR, article 17). Of it stays a closed row with the id and nothing else: who has the id in hand, in an order or
/// an old token, finds nobody, and nobody else ever gets it. The address is free again. The other services are asked in the same transaction.
/// </summary>
internal sealed class Erasure(IdentityDbContext database, PersonalRequests requests, ShopSessions sessions, Letters letters, TimeProvider clock, SecurityLog security)
{
    /// <summary>With their address typed by themselves: nothing that happens by one click too many.</summary>
    public async Task<ErasureOutcome> EraseAsync(Guid userId, string typedEmail, CancellationToken cancellationToken)
    {
        using var acting = DatabaseTask.Erasure.Begin();
        var outcome = ErasureOutcome.NotConfirmed;
        await database.InTransactionAsync(
            async () =>
            {
                await database.LockRightsAsync(cancellationToken);
                var user = await database.Users.AsNoTracking().SingleOrDefaultAsync(one => one.Id == userId, cancellationToken);
                outcome = user?.Email is not { } email || EmailAddress.Normalize(typedEmail) != EmailAddress.Normalize(email) ? ErasureOutcome.NotConfirmed
                    : await database.Admins().AllAsync(admin => admin.Id == userId, cancellationToken) && await database.Admins().AnyAsync(cancellationToken) ? ErasureOutcome.LastAdmin
                    : ErasureOutcome.Done;
                if (outcome != ErasureOutcome.Done)
                    return false;
                letters.AccountErased(user!.Email!);
                await requests.AddErasureAsync(userId.ToString(), cancellationToken);
                await sessions.EndOthersAsync(userId, keepSessionId: null, cancellationToken);

                // Copies of the row elsewhere cannot be read any more. With the row goes all that hangs on it: roles, factors, passkeys, keys. A test looks that each of these tables lets it.
                await DataKey.DestroyAsync(database, userId.ToString(), clock.GetStoredNow(), cancellationToken);
                await database.Users.Where(one => one.Id == userId).ExecuteDeleteAsync(cancellationToken);
                database.Users.Add(new ShopUser { Id = userId, LockoutEnabled = true, LockoutEnd = DateTimeOffset.MaxValue });
                await database.SaveChangesAsync(cancellationToken);
                return true;
            },
            cancellationToken);

        if (outcome == ErasureOutcome.Done)
            security.ForCurrentRequest(StatusCodes.Status200OK).AccountErased(userId.ToString());
        else if (outcome == ErasureOutcome.LastAdmin)
            security.ForCurrentRequest(StatusCodes.Status200OK).RightsChangeRefused(userId.ToString(), userId.ToString(), IdentityRefusal.LastAdmin);
        return outcome;
    }
}
