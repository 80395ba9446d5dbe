namespace SecureShop.Identity.Factors;

/// <summary>What an account can show besides its password.</summary>
internal sealed record FactorSummary(DateTimeOffset? AuthenticatorAddedAt, IReadOnlyList<UserPasskeyInfo> Passkeys, int RecoveryCodes)
{
    public int Count => Passkeys.Count + (AuthenticatorAddedAt is null ? 0 : 1);
}

/// <summary>How a change of factors ended.</summary>
internal enum FactorChange
{
    Done,

    /// <summary>It was the last one, and the account's role needs one.</summary>
    LastOne,

    /// <summary>There are as many as anybody needs.</summary>
    TooMany,

    /// <summary>Another window was quicker.</summary>
    Overtaken,
}

/// <summary>
/// Adds and removes second factors. An account that has one is asked for it after each right password (its
/// <see cref="IdentityUser{TKey}.TwoFactorEnabled"/>); with the first it gets recovery codes. Each change is saved with the user's row, whose
/// stamp lets one of two racing changes through, and with a letter to the owner.
/// </summary>
internal sealed class SecondFactors(IdentityDbContext database, UserManager<ShopUser> users, ShopUserStore store, Letters letters, SecurityLog security)
{
    public const int MaxPasskeys = 20;

    public async Task<FactorSummary> OfAsync(ShopUser user, CancellationToken cancellationToken) => new(
        await database.Authenticators.Where(row => row.UserId == user.Id).Select(row => (DateTimeOffset?)row.AddedAt).SingleOrDefaultAsync(cancellationToken),
        [.. (await users.GetPasskeysAsync(user)).OrderBy(passkey => passkey.CreatedAt)],
        await users.CountRecoveryCodesAsync(user));

    /// <summary>Whether the account may not be without one: what can hurt others is not done on a password alone.</summary>
    public async Task<bool> AreNeededByAsync(ShopUser user)
        => (await users.GetRolesAsync(user)).Intersect(TokenSubjects.NeedSecondFactor, StringComparer.Ordinal).Any();

    /// <summary>With the <paramref name="step"/> of the code that has shown the key: the same code does not sign in as well.</summary>
    public async Task<FactorChange> AddAuthenticatorAsync(ShopUser user, string key, long step, CancellationToken cancellationToken)
    {
        await store.SetAuthenticatorKeyAsync(user, key, cancellationToken);
        (await database.Authenticators.FindAsync([user.Id], cancellationToken))!.LastStep = step;
        return await SaveAsync(user, FactorName.Authenticator, added: true, () => users.UpdateAsync(user));
    }

    public async Task<FactorChange> AddPasskeyAsync(ShopUser user, UserPasskeyInfo passkey, CancellationToken cancellationToken)
        => (await OfAsync(user, cancellationToken)).Passkeys.Count >= MaxPasskeys
            ? FactorChange.TooMany
            : await SaveAsync(user, FactorName.Passkey, added: true, () => users.AddOrUpdatePasskeyAsync(user, passkey));

    public async Task<FactorChange> RemoveAuthenticatorAsync(ShopUser user, CancellationToken cancellationToken)
    {
        if (await PrepareRemovalAsync(user, cancellationToken) is { } refused)
            return refused;
        database.RemoveRange(await database.Authenticators.Where(row => row.UserId == user.Id).ToListAsync(cancellationToken));
        return await SaveAsync(user, FactorName.Authenticator, added: false, () => users.UpdateAsync(user));
    }

    public async Task<FactorChange> RemovePasskeyAsync(ShopUser user, byte[] id, CancellationToken cancellationToken)
        => await PrepareRemovalAsync(user, cancellationToken)
            ?? await SaveAsync(user, FactorName.Passkey, added: false, () => users.RemovePasskeyAsync(user, id));

    public async Task<FactorChange> RenameAsync(ShopUser user, UserPasskeyInfo passkey)
        => (await users.AddOrUpdatePasskeyAsync(user, passkey)).Succeeded ? FactorChange.Done : FactorChange.Overtaken;

    /// <summary>New recovery codes in the place of all earlier ones. They are to be shown now, and by nobody later.</summary>
    public async Task<IReadOnlyList<string>> NewRecoveryCodesAsync(ShopUser user, CancellationToken cancellationToken)
    {
        List<string> codes = [.. Enumerable.Range(0, RecoveryCode.Count).Select(_ => RecoveryCode.Make())];
        await store.ReplaceCodesAsync(user, codes, cancellationToken);
        letters.RecoveryCodesMade(user.Email!);
        if (!(await users.UpdateAsync(user)).Succeeded)
            throw new InvalidOperationException("The recovery codes were not saved.");
        security.ForCurrentRequest().RecoveryCodesMade(user.Id.ToString());
        return codes;
    }

    private async Task<FactorChange?> PrepareRemovalAsync(ShopUser user, CancellationToken cancellationToken)
    {
        if ((await OfAsync(user, cancellationToken)).Count > 1)
            return null;
        if (await AreNeededByAsync(user))
        {
            security.ForCurrentRequest().FactorKept(user.Id.ToString());
            return FactorChange.LastOne;
        }

        // Nothing is left that they would stand in for.
        user.TwoFactorEnabled = false;
        await store.ReplaceCodesAsync(user, [], cancellationToken);
        return null;
    }

    private async Task<FactorChange> SaveAsync(ShopUser user, string factor, bool added, Func<Task<IdentityResult>> save)
    {
        user.TwoFactorEnabled |= added;
        Action<string, string> write = added ? letters.FactorAdded : letters.FactorRemoved;
        write(user.Email!, factor);
        try
        {
            if (!(await save()).Succeeded)
                return FactorChange.Overtaken;
        }
        catch (DbUpdateException race) when (race is DbUpdateConcurrencyException || race.InnerException is Npgsql.PostgresException { SqlState: Npgsql.PostgresErrorCodes.UniqueViolation })
        {
            return FactorChange.Overtaken;
        }

        var log = security.ForCurrentRequest();
        Action<string, string> tell = added ? log.FactorAdded : log.FactorRemoved;
        tell(user.Id.ToString(), factor);
        return FactorChange.Done;
    }
}
