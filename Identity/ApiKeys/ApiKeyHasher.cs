using SecureShop.Storage.Workers;

namespace SecureShop.Identity.ApiKeys;

/// <summary>
/// What keys are stored and found by: HMAC-SHA256 with a secret that the database holds sealed by the key ring alone, so that whoever
/// has a dump cannot even tell whether a key that they found is one of ours. The secret is made once and stays, or every key would be
/// dead; only its seal follows the ring: it is renewed under the ring's present key at the start and every few hours, long before the
/// key of the old seal may go.
/// </summary>
internal sealed partial class ApiKeyHasher(
    IServiceScopeFactory scopes, IDataProtectionProvider ring, TimeProvider clock, ILogger<ApiKeyHasher> logger)
    : PeriodicWorker(DatabaseTask.Tokens, TimeSpan.FromHours(6), clock)
{
    private const int SecretLength = 32;

    private readonly IPersistedDataProtector protector = (IPersistedDataProtector)ring.CreateProtector("SecureShop.Identity.ApiKeys");
    private volatile byte[]? secret;

    public async ValueTask<byte[]> HashAsync(string apiKey, CancellationToken cancellationToken)
        => HMACSHA256.HashData(secret ?? await OpenAsync(cancellationToken), Encoding.ASCII.GetBytes(apiKey));

    protected override bool BeginsAtOnce => true;

    protected override async Task<int> PassAsync(CancellationToken cancellationToken)
    {
        await OpenAsync(cancellationToken);
        return 1;
    }

    protected override void LogFailure(Exception failure) => NotOpened(failure);

    private async Task<byte[]> OpenAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<IdentityDbContext>();
        var secrets = database.Set<ApiKeySecretRow>().AsNoTracking();
        var row = await secrets.SingleOrDefaultAsync(cancellationToken);
        if (row is null)
        {
            // Of replicas that start together one makes it.
            var made = protector.Protect(RandomNumberGenerator.GetBytes(SecretLength));
            await database.Database.ExecuteSqlAsync(
                $"insert into identity.api_key_secrets (id, sealed) values ({ApiKeySecretRow.OnlyId}, {made}) on conflict do nothing", cancellationToken);
            row = await secrets.SingleAsync(cancellationToken);
        }

        var opened = protector.DangerousUnprotect(row.Sealed, ignoreRevocationErrors: false, out var isOldSeal, out _);
        if (isOldSeal)
        {
            await database.Set<ApiKeySecretRow>().Where(one => one.Sealed == row.Sealed)
                .ExecuteUpdateAsync(set => set.SetProperty(one => one.Sealed, protector.Protect(opened)), cancellationToken);
        }

        return secret = opened;
    }

    [LoggerMessage(4111, LogLevel.Error, "What API keys are hashed with could not be read or sealed anew; the next try is in six hours, or when a key comes.")]
    private partial void NotOpened(Exception failure);
}
