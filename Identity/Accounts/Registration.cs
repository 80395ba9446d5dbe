using System.Net;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using SecureShop.Identity.Data;
using SecureShop.Identity.Data.Mappings;
using SecureShop.ServiceDefaults.Data;
using SecureShop.ServiceDefaults.Events;
using SecureShop.ServiceDefaults.Text;

namespace SecureShop.Identity.Accounts;

/// <summary>How a registration ended: done, to be mended (<see cref="PasswordFault"/>), or too many from that address.</summary>
internal sealed record RegistrationOutcome(string? PasswordFault, TimeSpan? RetryAfter)
{
    public static RegistrationOutcome Done { get; } = new(null, null);
}

/// <summary>
/// Makes accounts. An address that has one already gets the same answer after the same work and time, and nothing changes: the
/// page says "if the address was free, the account is ready". Without e-mail one thing stays knowable: whoever then signs in with
/// the password they chose learns whether it worked. That costs a throttled sign-in per address asked, and leaves an account.
/// </summary>
internal sealed class Registration(
    IdentityDbContext database, UserManager<ShopUser> users, IPasswordHasher<ShopUser> hasher,
    AttemptThrottle throttle, TimeProvider clock, SecurityLog security)
{
    public async Task<RegistrationOutcome> RegisterAsync(
        string email, string displayName, string password, IPAddress? address, CancellationToken cancellationToken)
    {
        // Judged before anything is looked up, so that the answer cannot depend on the account.
        if (PasswordRules.Judge(password, email, displayName) is { } fault)
            return new(fault, null);
        if (await throttle.RegisterAsync(address, cancellationToken) is { } wait)
            return new(null, wait);

        var started = clock.GetTimestamp();
        if (await database.FindAccountAsync(email, cancellationToken) is { } existing)
        {
            hasher.HashPassword(existing, password);
            security.ForCurrentRequest(StatusCodes.Status302Found).RegisteredAgain(existing.Id.ToString());
        }
        else
        {
            await CreateAsync(email, displayName, password);
        }

        var left = SignIn.Floor - clock.GetElapsedTime(started);
        if (left > TimeSpan.Zero)
            await Task.Delay(left, clock, cancellationToken);
        return RegistrationOutcome.Done;
    }

    private async Task CreateAsync(string email, string displayName, string password)
    {
        var now = clock.GetStoredNow();

        // With an "@" that is one, whatever width it was typed in; capitals as their owner writes them.
        email = NormalizedText.Compatible(email);
        var user = new ShopUser
        {
            Id = Guid.CreateVersion7(now),
            UserName = email,
            Email = email,
            DisplayName = displayName,
            CreatedAt = now,
        };

        // Saved with the account, in one transaction: no account is ever without a role.
        database.UserRoles.Add(new IdentityUserRole<Guid> { UserId = user.Id, RoleId = RoleMapping.CustomerId });
        try
        {
            var result = await users.CreateAsync(user, password);
            if (!result.Succeeded && !result.Errors.All(e => e.Code.StartsWith("Duplicate", StringComparison.Ordinal)))
                throw new InvalidOperationException($"The account was refused: {string.Join(", ", result.Errors.Select(e => e.Code))}.");
            if (result.Succeeded)
                security.ForCurrentRequest(StatusCodes.Status302Found).Registered(user.Id.ToString());
        }
        catch (DbUpdateException race) when (race.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            // Someone else registered the address in this moment: the same answer as for any existing account.
            security.ForCurrentRequest(StatusCodes.Status302Found).RegisteredAgain(subject: null);
        }
    }
}
