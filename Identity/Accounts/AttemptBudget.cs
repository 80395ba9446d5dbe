using System.Net;
using SecureShop.ServiceDefaults.Limits;

namespace SecureShop.Identity.Accounts;

/// <summary>What is counted, for whom, and how much of it is too much.</summary>
/// <param name="Kind">As events call it.</param>
/// <param name="Shared">Its name in Redis, hashed: e-mail and network addresses are personal data and do not belong there.</param>
/// <param name="Local">Its name within the process, with the network address in it, so that neighbours can be counted together.</param>
/// <param name="Limit">How many attempts there may be in a window.</param>
internal sealed record AttemptBudget(string Kind, string Shared, string Local, Func<AttemptOptions, int> Limit)
{
    /// <summary>Where it is not the usual one.</summary>
    public TimeSpan? Window { get; private init; }

    /// <summary>What who has used it up is answered with.</summary>
    public int Refusal { get; private init; } = StatusCodes.Status429TooManyRequests;

    /// <summary>At one account, however many network addresses guess at it.</summary>
    public static AttemptBudget SignInsTo(string email) => OfAccount("account", "n", email, limits => limits.PerAccount);

    /// <summary>From one network address, however many accounts it guesses at.</summary>
    public static AttemptBudget SignInsFrom(IPAddress? address) => OfAddress("address", "n", address, limits => limits.PerAddress);

    /// <summary>From a device that knows the account: strangers can use up both of the others.</summary>
    public static AttemptBudget SignInsOn(KnownDevice device) => Proven("device", "d", device.Id, limits => limits.PerDevice);

    public static AttemptBudget Registrations(IPAddress? address) => OfAddress("registration", "r", address, limits => limits.Registrations);

    public static AttemptBudget AskedLetters(IPAddress? address) => OfAddress("letters", "l", address, limits => limits.Registrations);

    /// <summary>
    /// Nobody gets a stranger's mailbox filled. Counted alike for addresses without an account. Those letters that were sent lead in,
    /// so that asking for too many keeps nobody out.
    /// </summary>
    public static AttemptBudget SentLetters(string email) => OfAccount("letter", "l", email, limits => limits.Letters) with
    {
        Window = TimeSpan.FromHours(1),
        Refusal = StatusCodes.Status302Found,
    };

    /// <summary>The present password, by who is signed in or has a link, apart from sign-ins: a stolen session must not shut its owner out.</summary>
    public static AttemptBudget Passwords(ShopUser user) => Proven("password", "p", user.Id.ToString(), limits => limits.PerAccount);

    /// <summary>A second factor of somebody who has shown the password, each kind apart.</summary>
    public static AttemptBudget Factors(ShopUser user, string factor) => Proven("second factor", "f", $"{factor}:{user.Id}", limits => limits.PerAccount);

    // Anybody can make these up.
    private static AttemptBudget OfAccount(string kind, string mark, string email, Func<AttemptOptions, int> limit)
        => Of(kind, LocalAttemptCounter.Account, mark, EmailAddress.Normalize(email), limit);

    // These only who has shown something: a password, a link, a device that was signed in.
    private static AttemptBudget Proven(string kind, string mark, string subject, Func<AttemptOptions, int> limit)
        => Of(kind, LocalAttemptCounter.Proven, mark, subject, limit);

    private static AttemptBudget Of(string kind, string table, string mark, string subject, Func<AttemptOptions, int> limit)
    {
        var key = $"{table}{mark}|{Hash(subject)}";
        return new(kind, key, key, limit);
    }

    private static AttemptBudget OfAddress(string kind, string mark, IPAddress? address, Func<AttemptOptions, int> limit)
        => new(kind, $"{mark}:{Hash(AddressPrefix.Name(address))}", $"{mark}|{AddressPrefix.Name(address)}", limit);

    private static string Hash(string value) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(value)).AsSpan(0, 16));
}
