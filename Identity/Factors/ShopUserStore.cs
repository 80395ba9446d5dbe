using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using IdentityDbContext = SecureShop.Identity.Data.IdentityDbContext;

namespace SecureShop.Identity.Factors;

/// <summary>
/// The framework's store, but for two things that it would keep as they are: the key of an authenticator app is sealed, and of a
/// recovery code there is a slow hash, in a row of its own.
/// </summary>
internal sealed class ShopUserStore(IdentityDbContext context, AuthenticatorSeal seal, TimeProvider clock, IdentityErrorDescriber? describer = null)
    : UserStore<ShopUser, ShopRole, IdentityDbContext, Guid>(context, describer)
{
    /// <summary>Nobody: whether an address is taken is asked of that.</summary>
    public override Task<ShopUser?> FindByNameAsync(string normalizedUserName, CancellationToken cancellationToken = default)
        => Task.FromResult<ShopUser?>(null);

    public override async Task<string?> GetAuthenticatorKeyAsync(ShopUser user, CancellationToken cancellationToken)
        => await Context.Authenticators.AsNoTracking().SingleOrDefaultAsync(row => row.UserId == user.Id, cancellationToken) is { } row
            ? seal.Open(row)
            : null;

    /// <summary>In the place of the one before; saved with the user.</summary>
    public override async Task SetAuthenticatorKeyAsync(ShopUser user, string key, CancellationToken cancellationToken)
    {
        var now = clock.GetStoredNow();
        if (await Context.Authenticators.FindAsync([user.Id], cancellationToken) is not { } row)
            Context.Add(row = new() { UserId = user.Id, SealedKey = [] });
        (row.SealedKey, row.SealedAt, row.AddedAt, row.LastStep) = (seal.Seal(user.Id, key), now, now, 0);
    }

    public override async Task ReplaceCodesAsync(ShopUser user, IEnumerable<string> recoveryCodes, CancellationToken cancellationToken)
    {
        Context.RemoveRange(await Context.RecoveryCodes.Where(row => row.UserId == user.Id).ToListAsync(cancellationToken));
        Context.AddRange(recoveryCodes.Select(code => new RecoveryCodeRow { UserId = user.Id, Hash = RecoveryCode.Hash(user, code) }));
    }

    /// <summary>The statement that removes it decides: of copies that race, one finds a row.</summary>
    public override async Task<bool> RedeemCodeAsync(ShopUser user, string code, CancellationToken cancellationToken)
    {
        var hash = RecoveryCode.Hash(user, code);
        return await Context.RecoveryCodes.Where(row => row.UserId == user.Id && row.Hash == hash).ExecuteDeleteAsync(cancellationToken) == 1;
    }

    public override Task<int> CountCodesAsync(ShopUser user, CancellationToken cancellationToken)
        => Context.RecoveryCodes.CountAsync(row => row.UserId == user.Id, cancellationToken);
}
