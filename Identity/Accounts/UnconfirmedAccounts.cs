namespace SecureShop.Identity.Accounts;

/// <summary>Removes accounts that nobody confirms: whoever makes up addresses, or types another's, leaves nothing behind for good.</summary>
internal sealed class UnconfirmedAccounts : ITidying
{
    public static readonly TimeSpan Kept = TimeSpan.FromDays(7);

    public async Task RemoveExpiredAsync(IServiceProvider services, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var database = services.GetRequiredService<IdentityDbContext>();
        var expired = database.Users.Where(user => !user.EmailConfirmed && user.NormalizedEmail != null && user.CreatedAt < now - Kept);
        var ids = await expired.Select(user => user.Id).ToListAsync(cancellationToken);
        await expired.ExecuteDeleteAsync(cancellationToken);
        await DataKey.RemoveAsync<ShopUser>(database, ids, cancellationToken);
    }
}
