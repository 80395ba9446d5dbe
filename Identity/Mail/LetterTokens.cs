namespace SecureShop.Identity.Mail;

/// <summary>
/// What the links in letters prove: for one purpose, one account and one state of it, until a time. The state is the security stamp,
/// which each use changes, so that a link works once. As the framework's own provider, with the end that its purpose needs and the
/// service's clock.
/// </summary>
internal sealed class LetterTokens(IDataProtectionProvider protection, TimeProvider clock) : IUserTwoFactorTokenProvider<ShopUser>
{
    /// <summary>The name under which ASP.NET Core Identity knows it.</summary>
    public const string Name = "Letters";

    /// <summary>Who has such a link has the account: it must not lie about in a mailbox.</summary>
    public static readonly TimeSpan ResetLifetime = TimeSpan.FromHours(1);

    public static readonly TimeSpan ConfirmLifetime = TimeSpan.FromDays(1);

    private readonly IDataProtector protector = protection.CreateProtector("SecureShop.Identity.LetterTokens");

    public async Task<string> GenerateAsync(string purpose, UserManager<ShopUser> manager, ShopUser user)
        => protector.Close(
            await ProofAsync(purpose, manager, user),
            clock.GetUtcNow() + (purpose == UserManager<ShopUser>.ResetPasswordTokenPurpose ? ResetLifetime : ConfirmLifetime));

    public async Task<bool> ValidateAsync(string purpose, string token, UserManager<ShopUser> manager, ShopUser user)
        => protector.Open<byte[]>(token, clock.GetUtcNow()) is { } shown
            && CryptographicOperations.FixedTimeEquals(await ProofAsync(purpose, manager, user), shown);

    /// <summary>Never: a letter is no second factor.</summary>
    public Task<bool> CanGenerateTwoFactorTokenAsync(UserManager<ShopUser> manager, ShopUser user) => Task.FromResult(false);

    private static async Task<byte[]> ProofAsync(string purpose, UserManager<ShopUser> manager, ShopUser user)
        => SHA256.HashData(Encoding.UTF8.GetBytes($"{user.Id}\n{await manager.GetSecurityStampAsync(user)}\n{purpose}"));
}
