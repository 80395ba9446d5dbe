using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using SecureShop.ServiceDefaults.Events;
using SecureShop.ServiceDefaults.Limits;
using StackExchange.Redis;

namespace SecureShop.Identity.Accounts;

/// <summary>
/// Slows guessing, per account and per network address, exactly over all replicas. Without Redis each replica counts for itself:
/// people can still sign in, an attacker gets at most as many times the guesses as there are replicas, and the lockout in
/// Postgres holds whatever happens.
/// </summary>
internal sealed class AttemptThrottle(
    RedisAttemptCounter shared, LocalAttemptCounter local, IOptions<AttemptOptions> options, SecurityLog security)
{
    private const string SignIns = "n";
    private const string Registrations = "r";

    private readonly AttemptOptions limits = options.Value;

    /// <summary>Counts a sign-in before it is tried; the answer is how long to wait, or null when it may be tried.</summary>
    public async Task<TimeSpan?> EnterAsync(string account, IPAddress? address, CancellationToken cancellationToken)
    {
        // The address first: one that is shut out already must not go on to lock other people's accounts.
        return await CountAsync("address", AddressKey(SignIns, address), limits.PerAddress, cancellationToken)
            ?? await CountAsync("account", AccountKey(account), limits.PerAccount, cancellationToken);
    }

    /// <summary>Counts a registration; the answer is how long to wait, or null when it may go on.</summary>
    public Task<TimeSpan?> RegisterAsync(IPAddress? address, CancellationToken cancellationToken)
        => CountAsync("registration", AddressKey(Registrations, address), limits.Registrations, cancellationToken);

    /// <summary>The sign-in was right: the account starts afresh, and the address gets this attempt back, but only this one.</summary>
    public async Task SucceededAsync(string account, IPAddress? address, CancellationToken cancellationToken)
    {
        await OverAllAsync(c => c.ForgetAsync(AccountKey(account), cancellationToken));
        await OverAllAsync(c => c.TakeBackAsync(AddressKey(SignIns, address), cancellationToken));
    }

    /// <summary>Counts a try with a second factor, of somebody who has shown the password; the answer is how long to wait, or null.</summary>
    public Task<TimeSpan?> EnterFactorAsync(string factor, Guid user, CancellationToken cancellationToken)
        => CountAsync("second factor", AccountKey($"{factor}:{user}"), limits.PerAccount, cancellationToken);

    /// <summary>The factor was right: the next tries start afresh.</summary>
    public Task FactorSucceededAsync(string factor, Guid user, CancellationToken cancellationToken)
        => OverAllAsync(counter => counter.ForgetAsync(AccountKey($"{factor}:{user}"), cancellationToken));

    private async Task<TimeSpan?> CountAsync(string kind, AttemptKey key, int limit, CancellationToken cancellationToken)
    {
        AttemptCount count;
        try
        {
            count = await shared.AddAsync(key, limits.Window, cancellationToken);
        }
        catch (Exception failure) when (IsOutage(failure))
        {
            security.ForCurrentRequest().CountingLocally(failure);
            count = await local.AddAsync(key, limits.Window, cancellationToken);
        }

        if (count.Attempts <= limit)
            return null;
        security.ForCurrentRequest(StatusCodes.Status429TooManyRequests).AttemptsThrottled(kind, (int)count.Remaining.TotalSeconds);
        return count.Remaining;
    }

    private async Task OverAllAsync(Func<IAttemptCounter, Task> act)
    {
        await act(local);
        try
        {
            await act(shared);
        }
        catch (Exception failure) when (IsOutage(failure))
        {
            security.ForCurrentRequest().CountingLocally(failure);
        }
    }

    private static bool IsOutage(Exception failure) => failure is RedisException or TimeoutException or SocketException
        // A connection string that cannot be used is told of in this way.
        or InvalidOperationException or ObjectDisposedException;

    private static AttemptKey AccountKey(string account) => new("a:" + Hash(account), LocalAttemptCounter.Account + Hash(account));

    private static AttemptKey AddressKey(string kind, IPAddress? address)
    {
        var network = AddressPrefix.Name(address);
        return new(kind + ":" + Hash(network), kind + "|" + network);
    }

    private static string Hash(string value) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(value)).AsSpan(0, 16));
}
