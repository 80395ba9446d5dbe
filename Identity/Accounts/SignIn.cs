using System.Net;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using SecureShop.Identity.Data;
using SecureShop.ServiceDefaults.Data;
using SecureShop.ServiceDefaults.Events;

namespace SecureShop.Identity.Accounts;

/// <summary>How an attempt to sign in ended. A failure says nothing about whether the account exists, is locked or was removed.</summary>
internal sealed record SignInOutcome(ShopUser? User, TimeSpan? RetryAfter)
{
    public static SignInOutcome Failed { get; } = new(null, null);
}

/// <summary>
/// Checks e-mail address and password so that known and unknown addresses get the same answer from the same work: one look-up, one
/// hash, one update statement, and no answer sooner than <see cref="Floor"/>, which covers what differences remain.
/// </summary>
internal sealed class SignIn(
    IdentityDbContext database, UserManager<ShopUser> users, IPasswordHasher<ShopUser> hasher, DummyHash dummy,
    AttemptThrottle throttle, TimeProvider clock, SecurityLog security)
{
    public const int LockoutAfter = 5;
    public static readonly TimeSpan LockoutTime = TimeSpan.FromMinutes(15);
    public static readonly TimeSpan Floor = TimeSpan.FromMilliseconds(500);

    public async Task<SignInOutcome> AttemptAsync(string email, string password, IPAddress? address, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        var account = users.NormalizeEmail(email) ?? "";
        if (await throttle.EnterAsync(account, address, cancellationToken) is { } wait)
        {
            SignInMetrics.Tried(IdentityRefusal.Throttled);
            return new(null, wait);
        }

        var user = await database.FindAccountAsync(email, cancellationToken);
        if (user is not null && await VerifyAsync(user, password, cancellationToken))
        {
            await throttle.SucceededAsync(account, address, cancellationToken);
            return new(user, null);
        }

        if (user is null)
            Verify(new ShopUser(), dummy.Value, password);
        await CountFailureAsync(user?.NormalizedEmail ?? account, user, cancellationToken);

        var left = Floor - clock.GetElapsedTime(started);
        if (left > TimeSpan.Zero)
            await Task.Delay(left, clock, cancellationToken);
        return SignInOutcome.Failed;
    }

    private async Task<bool> VerifyAsync(ShopUser user, string password, CancellationToken cancellationToken)
    {
        // The hash is computed for a locked account too: a quick refusal would give the lock, and so the account, away.
        var result = Verify(user, user.PasswordHash ?? dummy.Value, password);
        if (result == PasswordVerificationResult.Failed || user.PasswordHash is null || await users.IsLockedOutAsync(user))
            return false;

        // As a wrong password: whoever has just registered an address would learn by another answer that it was free.
        if (!user.EmailConfirmed)
            return false;

        await database.Users.Where(u => u.Id == user.Id && u.AccessFailedCount > 0)
            .ExecuteUpdateAsync(set => set.SetProperty(u => u.AccessFailedCount, 0), cancellationToken);
        if (result == PasswordVerificationResult.SuccessRehashNeeded)
            await RehashAsync(user, password, cancellationToken);
        return true;
    }

    // Only over the hash that was verified: a password changed in between must stay changed.
    private async Task RehashAsync(ShopUser user, string password, CancellationToken cancellationToken)
    {
        var renewed = hasher.HashPassword(user, password);
        await database.Users.Where(u => u.Id == user.Id && u.PasswordHash == user.PasswordHash)
            .ExecuteUpdateAsync(set => set.SetProperty(u => u.PasswordHash, renewed), cancellationToken);
        security.ForCurrentRequest().Rehashed(user.Id.ToString());
    }

    private PasswordVerificationResult Verify(ShopUser user, string hash, string password)
        => hasher.VerifyHashedPassword(user, hash, MaxCharactersAttribute.IsAtMost(password, PasswordRules.MaxLength) ? password : "");

    // One statement, so that guesses that race are all counted; for an unknown address it runs too and finds no row. A later end is
    // kept: by five wrong passwords the owner of a disabled account would open it again.
    private async Task CountFailureAsync(string account, ShopUser? user, CancellationToken cancellationToken)
    {
        DateTimeOffset? until = clock.GetStoredNow() + LockoutTime;
        await database.Users.Where(u => u.NormalizedEmail == account).ExecuteUpdateAsync(
            set => set
                .SetProperty(u => u.LockoutEnd, u => u.AccessFailedCount + 1 >= LockoutAfter && (u.LockoutEnd == null || u.LockoutEnd < until) ? until : u.LockoutEnd)
                .SetProperty(u => u.AccessFailedCount, u => u.AccessFailedCount + 1 >= LockoutAfter ? 0 : u.AccessFailedCount + 1),
            cancellationToken);

        if (user is null)
        {
            SignInMetrics.Tried(IdentityRefusal.UnknownAccount);
            security.ForCurrentRequest(StatusCodes.Status200OK).SignInUnknown();
            return;
        }

        // To the caller all failures are alike; those who watch learn that the account was locked.
        var reason = user.LockoutEnd > clock.GetUtcNow() ? IdentityRefusal.LockedOut
            : user.EmailConfirmed ? IdentityRefusal.WrongPassword : IdentityRefusal.Unconfirmed;
        SignInMetrics.Tried(reason);
        security.ForCurrentRequest(StatusCodes.Status200OK).SignInFailed(user.Id.ToString(), reason);
        if (user.AccessFailedCount + 1 >= LockoutAfter)
            security.ForCurrentRequest(StatusCodes.Status200OK).LockedOut(user.Id.ToString());
    }
}

/// <summary>A hash of nobody's password, at the cost that real ones have.</summary>
internal sealed class DummyHash(IServiceScopeFactory scopes)
{
    private readonly Lazy<string> hash = new(() =>
    {
        using var scope = scopes.CreateScope();
        return scope.ServiceProvider.GetRequiredService<IPasswordHasher<ShopUser>>().HashPassword(new ShopUser(), Guid.NewGuid().ToString());
    });

    public string Value => hash.Value;
}
