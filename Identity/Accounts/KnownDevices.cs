namespace SecureShop.Identity.Accounts;

/// <summary>
/// A browser at which somebody has signed in to an account before, by a random id that tries are counted by, and with the account's security
/// stamp then: with a new password nothing is known any more.
/// </summary>
internal sealed record KnownDevice(string Id, Guid Account, string Stamp)
{
    public bool Knows(ShopUser? user) => user is not null && user.Id == Account && user.SecurityStamp == Stamp;
}

/// <summary>
/// Remembers in a sealed cookie that its person has signed in here, so that strangers who guess at the account, and are slowed for it,
/// do not shut its owner out. It proves nothing else: the password is asked for all the same.
/// </summary>
internal sealed class KnownDevices(IDataProtectionProvider protection, TimeProvider clock)
{
    private const int MaxLength = 1000;
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(180);
    private static readonly CookieBuilder Cookie = HostCookie.Of("device", SameSiteMode.Lax, Lifetime);
    private readonly IDataProtector seal = protection.CreateProtector("known-devices/v1");

    /// <summary>The device that the request comes from, or null; ask it whether it <see cref="KnownDevice.Knows"/> the account.</summary>
    public KnownDevice? Find(HttpContext http)
        => Cookie.Read(http) is { Length: > 0 and <= MaxLength } text ? seal.Open<KnownDevice>(text, clock.GetUtcNow()) : null;

    /// <summary>Somebody has shown here that the account is theirs. The device keeps its id, and so what it has tried.</summary>
    public void Remember(HttpContext http, ShopUser user)
    {
        var id = Find(http) is { } known && known.Account == user.Id ? known.Id : RandomNumberGenerator.GetHexString(32, lowercase: true);
        Cookie.Write(http, seal.Close(new KnownDevice(id, user.Id, user.SecurityStamp ?? ""), clock.GetUtcNow() + Lifetime));
    }
}
