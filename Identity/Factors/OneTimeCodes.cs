using OtpNet;

namespace SecureShop.Identity.Factors;

/// <summary>
/// The codes of authenticator apps (RFC 6238). The framework's own check takes a code of five time steps, and as often as it comes:
/// whoever reads one over a shoulder signs in with it for two minutes. Here it is good for three steps, and once.
/// </summary>
internal sealed class OneTimeCodes(IdentityDbContext database, UserManager<ShopUser> users, TimeProvider clock)
{
    // One step for the time it takes to type, one for a clock that runs ahead (RFC 6238, section 5.2).
    private static readonly VerificationWindow Window = new(previous: 1, future: 1);

    /// <summary>The time step that <paramref name="code"/> stands for with <paramref name="key"/> around <paramref name="now"/>, or null.</summary>
    public static long? StepOf(string key, string code, DateTimeOffset now)
        => new Totp(Base32Encoding.ToBytes(key)).VerifyTotp(now.UtcDateTime, code, out var step, Window) ? step : null;

    /// <summary>Accepts the code, or says why not (<see cref="IdentityRefusal"/>).</summary>
    public async Task<string?> RefuseAsync(ShopUser user, string code, CancellationToken cancellationToken)
    {
        if (await users.GetAuthenticatorKeyAsync(user) is not { } key || StepOf(key, code, clock.GetUtcNow()) is not { } step)
            return IdentityRefusal.WrongCode;

        // One statement, so that of copies that race one finds the step still free.
        var taken = await database.Authenticators.Where(row => row.UserId == user.Id && row.LastStep < step)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.LastStep, step), cancellationToken);
        return taken == 1 ? null : IdentityRefusal.UsedCode;
    }
}
