namespace SecureShop.Identity.Factors;

/// <summary>What the browser is asked to do with a passkey: options for <c>navigator.credentials</c>, and a sealed state that comes back with the answer.</summary>
internal sealed record PasskeyChallenge(string State, JsonElement Options);

/// <summary>
/// Asks for passkeys and checks what comes back, by the framework's handler of WebAuthn. A challenge is good for five minutes, in
/// the browser that asked for it and no other, and once: an answer that was overheard is worth nothing.
/// </summary>
internal sealed class PasskeyCeremonies(
    IPasskeyHandler<ShopUser> handler, IdentityDbContext database, UserManager<ShopUser> users, IDataProtectionProvider protection, TimeProvider clock)
{
    private const int BrowserLength = 32;
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);
    private static readonly CookieBuilder Cookie = HostCookie.Of("passkey", SameSiteMode.Strict);

    private readonly IDataProtector protector = protection.CreateProtector("SecureShop.PasskeyCeremony");

    /// <summary>For a new passkey of <paramref name="user"/>.</summary>
    public async Task<PasskeyChallenge> BeginAddingAsync(HttpContext http, ShopUser user)
    {
        var made = await handler.MakeCreationOptionsAsync(new() { Id = user.Id.ToString(), Name = user.Email!, DisplayName = user.DisplayName }, http);
        return Seal(http, made.AttestationState, made.CreationOptionsJson);
    }

    /// <summary>For a passkey of <paramref name="user"/>, or of whoever it says, where that is null.</summary>
    public async Task<PasskeyChallenge> BeginAsync(HttpContext http, ShopUser? user)
    {
        var made = await handler.MakeRequestOptionsAsync(user, http);
        return Seal(http, made.AssertionState, made.RequestOptionsJson);
    }

    /// <summary>The new passkey, not saved yet; null where it is not good.</summary>
    public async Task<UserPasskeyInfo?> FinishAddingAsync(HttpContext http, ShopUser user, string state, string credential, CancellationToken cancellationToken)
    {
        if (Open(http, state) is not { } ceremony)
            return null;
        var result = await handler.PerformAttestationAsync(new() { HttpContext = http, CredentialJson = credential, AttestationState = ceremony.State });
        return result.Succeeded && result.UserEntity.Id == user.Id.ToString() && await SpendAsync(ceremony, cancellationToken)
            ? result.Passkey
            : null;
    }

    /// <summary>
    /// Whose passkey it is, which has checked its person too; null where it is not good. A counter that does not grow, as that of a
    /// copied authenticator, is refused by the handler, and by the user's stamp where two run beside each other.
    /// </summary>
    public async Task<ShopUser?> FinishAsync(HttpContext http, string state, string credential, CancellationToken cancellationToken)
    {
        if (Open(http, state) is not { } ceremony)
            return null;
        var result = await handler.PerformAssertionAsync(new() { HttpContext = http, CredentialJson = credential, AssertionState = ceremony.State });
        return result.Succeeded && !result.User.IsDisabled
            && await SpendAsync(ceremony, cancellationToken)
            && (await users.AddOrUpdatePasskeyAsync(result.User, result.Passkey)).Succeeded
            ? result.User
            : null;
    }

    private PasskeyChallenge Seal(HttpContext http, string? state, string options)
    {
        if (Cookie.Read(http) is not { Length: BrowserLength } browser)
        {
            browser = RandomNumberGenerator.GetHexString(BrowserLength, lowercase: true);
            Cookie.Write(http, browser);
        }

        var now = clock.GetUtcNow();
        return new(protector.Close(new Ceremony(Guid.CreateVersion7(now), browser, state ?? ""), now + Lifetime), JsonElement.Parse(options));
    }

    // Login CSRF: an answer that an attacker prepared in another browser.
    private Ceremony? Open(HttpContext http, string state)
        => protector.Open<Ceremony>(state, clock.GetUtcNow()) is { } ceremony
            && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(ceremony.Browser), Encoding.UTF8.GetBytes(Cookie.Read(http) ?? "")) ? ceremony : null;

    // Only answers that are right come here, so that nobody can fill the table. Of copies that race, one finds the row missing.
    private async Task<bool> SpendAsync(Ceremony ceremony, CancellationToken cancellationToken)
        => await database.Database.ExecuteSqlAsync(
            $"insert into identity.spent_challenges (id, expires_at) values ({ceremony.Id}, {clock.GetUtcNow() + Lifetime}) on conflict do nothing", cancellationToken) == 1;

    private sealed record Ceremony(Guid Id, string Browser, string State);
}

/// <summary>A challenge that a passkey has answered, kept for as long as the answer would otherwise be good.</summary>
[Index(nameof(ExpiresAt))]
internal sealed class SpentChallengeRow
{
    public Guid Id { get; set; }

    public DateTimeOffset ExpiresAt { get; set; }
}
