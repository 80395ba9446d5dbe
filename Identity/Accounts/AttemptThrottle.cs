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
    private const string Letters = "l";
    private const string Passwords = "p";
    private const string Factors = "f";

    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly AttemptOptions limits = options.Value;

    /// <summary>Counts a sign-in before it is tried; the answer is how long to wait, or null when it may be tried.</summary>
    public async Task<TimeSpan?> EnterAsync(string account, IPAddress? address, CancellationToken cancellationToken)
    {
        // The address first: one that is shut out already must not go on to lock other people's accounts.
        return await CountAsync("address", AddressKey(SignIns, address), limits.PerAddress, cancellationToken)
            ?? await CountAsync("account", AccountKey(SignIns, account), limits.PerAccount, cancellationToken);
    }

    /// <summary>Counts a registration; the answer is how long to wait, or null when it may go on.</summary>
    public Task<TimeSpan?> RegisterAsync(IPAddress? address, CancellationToken cancellationToken)
        => CountAsync("registration", AddressKey(Registrations, address), limits.Registrations, cancellationToken);

    /// <summary>Counts a request for a letter by where it comes from; the answer is how long to wait, or null when it may go on.</summary>
    public Task<TimeSpan?> AskForLetterAsync(IPAddress? address, CancellationToken cancellationToken)
        => CountAsync("letters", AddressKey(Letters, address), limits.Registrations, cancellationToken);

    /// <summary>
    /// Whether one more letter may go to <paramref name="email"/>: nobody gets a stranger's mailbox filled. Counted alike for addresses
    /// without an account. Those letters that were sent lead in, so that asking for too many keeps nobody out.
    /// </summary>
    public async Task<bool> MayWriteAsync(string email, CancellationToken cancellationToken)
        => await CountAsync("letter", AccountKey(Letters, EmailAddress.Normalize(email)), limits.Letters, cancellationToken, Hour, StatusCodes.Status302Found) is null;

    /// <summary>Counts a try at the present password by somebody who is signed in, apart from sign-ins: a stolen session must not shut its owner out.</summary>
    public Task<TimeSpan?> ProveAsync(Guid account, CancellationToken cancellationToken)
        => CountAsync("password", AccountKey(Passwords, account.ToString()), limits.PerAccount, cancellationToken);

    /// <summary>Counts a try with a second factor of somebody who has shown the password, each kind apart.</summary>
    /// <returns>How long to wait, or null; and whether this is the first one too many of its window.</returns>
    public async Task<(TimeSpan? Wait, bool First)> EnterFactorAsync(string factor, Guid account, CancellationToken cancellationToken)
    {
        var count = await AddAsync(FactorKey(factor, account), limits.Window, cancellationToken);
        return (Judge("second factor", count, limits.PerAccount, StatusCodes.Status429TooManyRequests), count.Attempts == limits.PerAccount + 1);
    }

    /// <summary>The factor was right: its next tries start afresh.</summary>
    public Task FactorSucceededAsync(string factor, Guid account, CancellationToken cancellationToken)
        => OverAllAsync(c => c.ForgetAsync(FactorKey(factor, account), cancellationToken));

    /// <summary>The sign-in was right: the account starts afresh, and the address gets this attempt back, but only this one.</summary>
    public async Task SucceededAsync(string account, IPAddress? address, CancellationToken cancellationToken)
    {
        await ForgetAsync(account, cancellationToken);
        await OverAllAsync(c => c.TakeBackAsync(AddressKey(SignIns, address), cancellationToken));
    }

    /// <summary>The account starts afresh: its owner has shown that it is theirs.</summary>
    public Task ForgetAsync(string account, CancellationToken cancellationToken)
        => OverAllAsync(c => c.ForgetAsync(AccountKey(SignIns, account), cancellationToken));

    private async Task<TimeSpan?> CountAsync(
        string kind, AttemptKey key, int limit, CancellationToken cancellationToken, TimeSpan? within = null, int status = StatusCodes.Status429TooManyRequests)
        => Judge(kind, await AddAsync(key, within ?? limits.Window, cancellationToken), limit, status);

    private async Task<AttemptCount> AddAsync(AttemptKey key, TimeSpan window, CancellationToken cancellationToken)
    {
        try
        {
            return await shared.AddAsync(key, window, cancellationToken);
        }
        catch (Exception failure) when (IsOutage(failure))
        {
            security.ForCurrentRequest().CountingLocally(failure);
            return await local.AddAsync(key, window, cancellationToken);
        }
    }

    private TimeSpan? Judge(string kind, AttemptCount count, int limit, int status)
    {
        if (count.Attempts <= limit)
            return null;
        security.ForCurrentRequest(status).AttemptsThrottled(kind, (int)count.Remaining.TotalSeconds);
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

    private static AttemptKey AccountKey(string kind, string account) => new($"a:{kind}:{Hash(account)}", $"{LocalAttemptCounter.Account}{kind}{Hash(account)}");

    private static AttemptKey FactorKey(string factor, Guid account) => AccountKey(Factors, $"{factor}:{account}");

    private static AttemptKey AddressKey(string kind, IPAddress? address)
    {
        var network = AddressPrefix.Name(address);
        return new(kind + ":" + Hash(network), kind + "|" + network);
    }

    private static string Hash(string value) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(value)).AsSpan(0, 16));
}
