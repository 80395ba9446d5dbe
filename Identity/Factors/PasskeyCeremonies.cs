namespace SecureShop.Identity.Factors;

/// <summary>What the browser is asked to do with a passkey.</summary>
/// <param name="State">Comes back with the answer, sealed.</param>
/// <param name="Options">For <c>navigator.credentials</c>, as WebAuthn writes them in JSON.</param>
internal sealed record PasskeyChallenge(string State, JsonElement Options);

/// <summary>
/// Asks for passkeys and checks what comes back, by the framework's handler of WebAuthn. A challenge is good for five minutes, in
/// the browser that asked for it and no other, and once: an answer that was overheard is worth nothing.
/// </summary>
internal sealed class PasskeyCeremonies(
    IPasskeyHandler<ShopUser> handler, IdentityDbContext database, UserManager<ShopUser> users, IDataProtectionProvider protection, TimeProvider clock)
{
    private const string Cookie = "__Host-passkey";
    private const int CookieBytes = 16;

    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

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
        if (http.Request.Cookies[Cookie] is not { Length: 2 * CookieBytes } browser)
        {
            browser = RandomNumberGenerator.GetHexString(2 * CookieBytes, lowercase: true);
            http.Response.Cookies.Append(Cookie, browser, new() { HttpOnly = true, Secure = true, SameSite = SameSiteMode.Strict, Path = "/", IsEssential = true });
        }

        var ceremony = new Ceremony(Guid.CreateVersion7(clock.GetUtcNow()), clock.GetUtcNow() + Lifetime, browser, state ?? "");
        return new(WebEncoders.Base64UrlEncode(protector.Protect(JsonSerializer.SerializeToUtf8Bytes(ceremony))), JsonElement.Parse(options));
    }

    private Ceremony? Open(HttpContext http, string state)
    {
        try
        {
            var ceremony = JsonSerializer.Deserialize<Ceremony>(protector.Unprotect(WebEncoders.Base64UrlDecode(state)))!;

            // Login CSRF: an answer that an attacker prepared in another browser.
            return clock.GetUtcNow() < ceremony.ExpiresAt
                && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(ceremony.Browser), Encoding.ASCII.GetBytes(http.Request.Cookies[Cookie] ?? "")) ? ceremony : null;
        }
        catch (Exception forged) when (forged is CryptographicException or FormatException)
        {
            return null;
        }
    }

    // Only answers that are right come here, so that nobody can fill the table. Of copies that race, one finds the row missing.
    private async Task<bool> SpendAsync(Ceremony ceremony, CancellationToken cancellationToken)
        => await database.Database.ExecuteSqlAsync(
            $"insert into identity.spent_challenges (id, expires_at) values ({ceremony.Id}, {ceremony.ExpiresAt}) on conflict do nothing", cancellationToken) == 1;

    private sealed record Ceremony(Guid Id, DateTimeOffset ExpiresAt, string Browser, string State);
}
