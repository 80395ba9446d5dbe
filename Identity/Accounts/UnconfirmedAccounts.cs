namespace SecureShop.Identity.Accounts;

/// <summary>Removes accounts that nobody confirms: whoever makes up addresses, or types another's, leaves nothing behind for good.</summary>
internal sealed class UnconfirmedAccounts : ITidying
{
    public static readonly TimeSpan Kept = TimeSpan.FromDays(7);

    public async Task RemoveExpiredAsync(IServiceProvider services, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var database = services.GetRequiredService<IdentityDbContext>();
        var expired = database.Users.Where(user => !user.EmailConfirmed && user.NormalizedEmail != null && user.CreatedAt < now - Kept);
        var owners = (await expired.Select(user => user.Id).ToListAsync(cancellationToken)).ConvertAll(id => id.ToString());
        await expired.ExecuteDeleteAsync(cancellationToken);

        // Whoever has confirmed in this moment is there, and so is their key.
        await database.Set<DataKey>().Where(key => owners.Contains(key.OwnerId) && !database.Users.Any(user => user.Key == key)).ExecuteDeleteAsync(cancellationToken);
    }
}
