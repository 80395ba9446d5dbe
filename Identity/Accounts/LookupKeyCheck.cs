namespace SecureShop.Identity.Accounts;

/// <summary>
/// Stops the start with another lookup key than the one that addresses are kept by: nobody could sign in, all could register once more,
/// and all would look well.
/// </summary>
internal sealed class LookupKeyCheck(IServiceScopeFactory scopes, LookupHash hash) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        using var acting = DatabaseTask.SignIn.Begin();
        var one = await scopes.WithDatabaseAsync((IdentityDbContext database)
            => database.Users.AsNoTracking().Where(user => user.NormalizedEmail != null).OrderBy(user => user.Id).FirstOrDefaultAsync(cancellationToken));
        if (one is not null && IsAnother(one))
            throw new InvalidOperationException("Set Sealing__LookupKey back to the one that accounts are found by (docs/keys.md): with this one nobody would be.");
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private bool IsAnother(ShopUser user)
    {
        try
        {
            return user.NormalizedEmail != hash.Of(EmailAddress.Normalize(user.Email!)) && user.NormalizedEmail != hash.Of(user.Email!.ToUpperInvariant());
        }
        catch (BrokenSealException)
        {
            // An event has said so. Nobody is kept out because of one row that somebody has damaged; a missing master key stops the start elsewhere.
            return false;
        }
    }
}
