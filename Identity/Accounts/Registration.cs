using System.Net;
using Npgsql;
using SecureShop.Identity.Data.Mappings;

namespace SecureShop.Identity.Accounts;

/// <summary>
/// Makes accounts that can be used once their owner has confirmed the address. One that has an account already gets the same answer after
/// the same work and time, and nothing of it changes: only a letter tells, and that goes to the owner.
/// </summary>
internal sealed class Registration(
    IdentityDbContext database, ILookupNormalizer normalizer, IPasswordHasher<ShopUser> hasher, Confirmation confirmation, Letters letters,
    AttemptThrottle throttle, TimeProvider clock, SecurityLog security)
{
    /// <returns>What has to be mended, or nothing: the letter says the rest.</returns>
    public async Task<AccountOutcome> RegisterAsync(
        string email, string displayName, string password, IPAddress? address, CancellationToken cancellationToken)
    {
        // Judged before anything is looked up, so that the answer cannot depend on the account.
        if (PasswordRules.Judge(password, email, displayName) is { } fault)
            return new(PasswordFault: fault);
        if (await throttle.WaitAsync(AttemptBudget.Registrations(address), cancellationToken) is { } wait)
            return new(RetryAfter: wait);

        var started = clock.GetTimestamp();
        var mayWrite = await throttle.WaitAsync(AttemptBudget.SentLetters(email), cancellationToken) is null;
        var hash = hasher.HashPassword(new(), password);
        if (await database.FindAccountAsync(email, cancellationToken) is { } existing)
        {
            // The password that was typed is forgotten, also where the account waits for its confirmation: nobody who has not shown the
            // mailbox changes what its owner will sign in with.
            if (mayWrite && existing.EmailConfirmed)
                letters.AddressInUse(existing.Email!);
            else if (mayWrite)
                await confirmation.WriteAsync(existing);
            await database.SaveChangesAsync(cancellationToken);
            security.ForCurrentRequest(StatusCodes.Status302Found).RegisteredAgain(existing.Id.ToString());
        }
        else
        {
            await CreateAsync(Make(email, displayName, hash), mayWrite, cancellationToken);
        }

        await clock.AnswerAfterAsync(SignIn.Floor, started, cancellationToken);
        return new();
    }

    private ShopUser Make(string email, string displayName, string hash)
    {
        var now = clock.GetStoredNow();

        // With an "@" that is one, whatever width it was typed in; capitals as their owner writes them.
        email = NormalizedText.Compatible(email);
        return new()
        {
            Id = Guid.CreateVersion7(now),
            Email = email,
            NormalizedEmail = normalizer.NormalizeEmail(email),
            DisplayName = displayName,
            PasswordHash = hash,
            SecurityStamp = RandomNumberGenerator.GetHexString(40),
            LockoutEnabled = true,
            CreatedAt = now,
        };
    }

    private async Task CreateAsync(ShopUser user, bool mayWrite, CancellationToken cancellationToken)
    {
        // In one transaction: no account is ever without a role, and none without the letter that opens it.
        database.Users.Add(user);
        database.UserRoles.Add(new IdentityUserRole<Guid> { UserId = user.Id, RoleId = RoleMapping.CustomerId });
        if (mayWrite)
            await confirmation.WriteAsync(user);
        try
        {
            await database.SaveChangesAsync(cancellationToken);
            security.ForCurrentRequest(StatusCodes.Status302Found).Registered(user.Id.ToString());
        }
        catch (DbUpdateException race) when (race.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            // Someone else registered the address in this moment: the same answer as for any existing account, whose letter is on its way.
            security.ForCurrentRequest(StatusCodes.Status302Found).RegisteredAgain(subject: null);
        }
    }
}
