namespace SecureShop.Identity.Accounts;

/// <summary>Removes accounts that nobody confirms: whoever makes up addresses, or types another's, leaves nothing behind for good.</summary>
internal sealed class UnconfirmedAccounts : ITidying
{
    public static readonly TimeSpan Kept = TimeSpan.FromDays(7);

    public Task RemoveExpiredAsync(IServiceProvider services, DateTimeOffset now, CancellationToken cancellationToken)
        => services.GetRequiredService<IdentityDbContext>().Users.Where(user => !user.EmailConfirmed && user.Email != null && user.CreatedAt < now - Kept)
            .ExecuteDeleteAsync(cancellationToken);
}
