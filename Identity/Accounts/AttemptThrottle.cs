using System.Net;
using SecureShop.ServiceDefaults.Limits;
using SecureShop.ServiceDefaults.Redis;

namespace SecureShop.Identity.Accounts;

/// <summary>A sign-in that is about to be tried.</summary>
/// <param name="Account">Its address, normalised.</param>
/// <param name="Address">Where it comes from.</param>
/// <param name="Device">The device, if it knows the account (<see cref="KnownDevice"/>).</param>
internal sealed record SignInAttempt(string Account, IPAddress? Address, string? Device);

/// <summary>Whether an attempt may be made.</summary>
/// <param name="RetryAfter">How long to wait; null where it may be made.</param>
/// <param name="IsLast">It is the last one of its account for a while, for devices that are not known.</param>
internal sealed record Admission(TimeSpan? RetryAfter, bool IsLast = false);

/// <summary>
/// Slows guessing, exactly over all replicas: per account, however many network addresses guess at it, and per network address,
/// however many accounts are guessed at. Strangers can use up both, so a device that knows the account has a budget of its own, and
/// letters and passkeys are not counted here: nobody is locked out by somebody else. Without Redis each replica counts for itself: an
/// attacker gets at most as many times the guesses as there are replicas; when the bounded tables for that are full, devices that are
/// not known wait.
/// </summary>
internal sealed class AttemptThrottle(
    RedisAttemptCounter shared, LocalAttemptCounter local, IOptions<AttemptOptions> options, SecurityLog security)
{
    private const string SignIns = "n";
    private const string Registrations = "r";
    private const string Letters = "l";
    private const string Passwords = "p";
    private const string Factors = "f";
    private const string Devices = "d";

    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly AttemptOptions limits = options.Value;

    /// <summary>Counts a sign-in before it is tried.</summary>
    public async Task<Admission> EnterAsync(SignInAttempt attempt, CancellationToken cancellationToken)
    {
        if (attempt.Device is { } device)
            return new(await CountAsync("device", DeviceKey(device), limits.PerDevice, cancellationToken));

        // The address first: one that is shut out already must not go on to use up other accounts' guesses.
        if (await CountAsync("address", AddressKey(SignIns, attempt.Address), limits.PerAddress, cancellationToken) is { } wait)
            return new(wait);
        var count = await AddAsync(AccountKey(SignIns, attempt.Account), limits.Window, cancellationToken);
        return new(Judge("account", count, limits.PerAccount, StatusCodes.Status429TooManyRequests), count.Attempts == limits.PerAccount);
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
        => CountAsync("password", ProvenKey(Passwords, account.ToString()), limits.PerAccount, cancellationToken);

    /// <summary>The present password was right: its next tries start afresh.</summary>
    public Task ProvedAsync(Guid account, CancellationToken cancellationToken)
        => OverAllAsync(c => c.ForgetAsync(ProvenKey(Passwords, account.ToString()), cancellationToken));

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

    /// <summary>
    /// The sign-in was right, and is no guess. Of the account and the address only this attempt is taken back: else each sign-in of its
    /// owner would give those who guess at it a new budget.
    /// </summary>
    public async Task SucceededAsync(SignInAttempt attempt, CancellationToken cancellationToken)
    {
        if (attempt.Device is { } device)
        {
            await OverAllAsync(c => c.ForgetAsync(DeviceKey(device), cancellationToken));
            return;
        }

        await OverAllAsync(c => c.TakeBackAsync(AccountKey(SignIns, attempt.Account), cancellationToken));
        await OverAllAsync(c => c.TakeBackAsync(AddressKey(SignIns, attempt.Address), cancellationToken));
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
        catch (Exception failure) when (ShopRedis.IsOutage(failure))
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
        catch (Exception failure) when (ShopRedis.IsOutage(failure))
        {
            security.ForCurrentRequest().CountingLocally(failure);
        }
    }

    // Anybody can make these up.
    private static AttemptKey AccountKey(string kind, string account) => new($"a:{kind}:{Hash(account)}", $"{LocalAttemptCounter.Account}{kind}|{Hash(account)}");

    // These only who has shown something: a password, a link, a device that was signed in.
    private static AttemptKey ProvenKey(string kind, string subject) => new($"p:{kind}:{Hash(subject)}", $"{LocalAttemptCounter.Proven}{kind}|{Hash(subject)}");

    private static AttemptKey FactorKey(string factor, Guid account) => ProvenKey(Factors, $"{factor}:{account}");

    private static AttemptKey DeviceKey(string device) => ProvenKey(Devices, device);

    private static AttemptKey AddressKey(string kind, IPAddress? address)
    {
        var network = AddressPrefix.Name(address);
        return new(kind + ":" + Hash(network), kind + "|" + network);
    }

    private static string Hash(string value) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(value)).AsSpan(0, 16));
}
