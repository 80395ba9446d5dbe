using Microsoft.Extensions.Primitives;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Server;

namespace SecureShop.Identity.Tokens.OpenIddict;

internal static class SigningKeyExtensions
{
    public static void AddSigningKeys(this IServiceCollection services)
    {
        services.AddSingleton<SigningKeys>();
        services.AddHostedService(provider => provider.GetRequiredService<SigningKeys>());
        services.AddSingleton<IConfigureOptions<OpenIddictServerOptions>>(provider => provider.GetRequiredService<SigningKeys>());
        services.AddSingleton<IOptionsChangeTokenSource<OpenIddictServerOptions>>(provider => provider.GetRequiredService<SigningKeys>());
    }
}

/// <summary>
/// The keys that sign tokens: made, announced, used and dropped by their age, which all replicas read from the same rows and so agree on
/// without talking. OpenIddict's options are made anew while requests run.
/// </summary>
internal sealed partial class SigningKeys(IServiceScopeFactory scopes, IDataProtectionProvider protection, TimeProvider clock, ILogger<SigningKeys> logger)
    : BackgroundService, IConfigureOptions<OpenIddictServerOptions>, IOptionsChangeTokenSource<OpenIddictServerOptions>
{
    /// <summary>Tells our rows from those that the other engine has sealed in its way.</summary>
    private const int RowVersion = 2;

    private const long KeyLock = 0x5EED_4E16;

    /// <summary>How often the rows are looked at: a key is announced long before it is used.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    // Of its own: the common one keeps signers by their key for the whole process, and would hand out one whose key is disposed.
    private readonly CryptoProviderFactory providers = new();
    private readonly IDataProtector seal = protection.CreateProtector("signing-keys/v2");
    private readonly List<ECDsa> opened = [];
    private CancellationTokenSource changed = new();
    private volatile IReadOnlyList<ECDsaSecurityKey> ring = [];

    public string Name => Options.DefaultName;

    public IChangeToken GetChangeToken() => new CancellationChangeToken(changed.Token);

    // The first signs; the others are published and accepted.
    public void Configure(OpenIddictServerOptions options)
        => options.SigningCredentials.AddRange(ring.Select(key => new SigningCredentials(key, SecurityAlgorithms.EcdsaSha256)));

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await LookAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await LookAsync(stoppingToken);
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                NotRead(failure);
            }
        }
    }

    public override void Dispose()
    {
        changed.Dispose();
        opened.ForEach(key => key.Dispose());
        base.Dispose();
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<IdentityDbContext>();
        var now = clock.GetStoredNow();
        var rows = await Rows(database).ToListAsync(cancellationToken);
        if (KeySchedule.IsDue(rows.Select(row => row.CreatedAt), now))
            rows = await MakeAsync(database, now, cancellationToken);

        var ids = KeySchedule.Order(rows.Select(row => (row.Id, row.CreatedAt)), now);
        if (ids.SequenceEqual(ring.Select(key => key.KeyId)))
            return;
        ring = [.. ids.Select(id => ring.FirstOrDefault(key => key.KeyId == id) ?? Open(rows.Single(row => row.Id == id)))];
        await Interlocked.Exchange(ref changed, new()).CancelAsync();
    }

    private static IQueryable<SigningKeyRow> Rows(IdentityDbContext database)
        => database.SigningKeys.AsNoTracking().Where(row => row.Version == RowVersion).OrderByDescending(row => row.CreatedAt);

    // One replica makes it; the others find it made.
    private async Task<List<SigningKeyRow>> MakeAsync(IdentityDbContext database, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await database.UnderLockAsync(
            KeyLock,
            async () =>
            {
                var rows = await Rows(database).ToListAsync(cancellationToken);
                if (KeySchedule.IsDue(rows.Select(row => row.CreatedAt), now))
                {
                    database.SigningKeys.Add(Make(now));
                    await database.SaveChangesAsync(cancellationToken);
                }

                var gone = rows.Where(row => KeySchedule.IsGone(row.CreatedAt, now)).Select(row => row.Id).ToList();
                await database.SigningKeys.Where(row => gone.Contains(row.Id)).ExecuteDeleteAsync(cancellationToken);
            },
            cancellationToken);
        return await Rows(database).ToListAsync(cancellationToken);
    }

    private SigningKeyRow Make(DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new()
        {
            Id = Convert.ToHexString(RandomNumberGenerator.GetBytes(16)),
            Version = RowVersion,
            CreatedAt = now,
            Algorithm = SecurityAlgorithms.EcdsaSha256,
            DataProtected = true,
            Data = Convert.ToBase64String(seal.Protect(key.ExportPkcs8PrivateKey())),
        };
    }

    private ECDsaSecurityKey Open(SigningKeyRow row)
    {
        var key = ECDsa.Create();

        // Disposed with the service and not before: requests may hold it when it has left the ring.
        opened.Add(key);
        key.ImportPkcs8PrivateKey(seal.Unprotect(Convert.FromBase64String(row.Data)), out _);
        return new(key) { KeyId = row.Id, CryptoProviderFactory = providers };
    }

    [LoggerMessage(4103, LogLevel.Warning, "Signing keys could not be read; those that are known stay in use.")]
    private partial void NotRead(Exception failure);
}

/// <summary>What becomes of a key at which age.</summary>
internal static class KeySchedule
{
    /// <summary>A key signs for so long.</summary>
    private static readonly TimeSpan Use = TimeSpan.FromDays(30);

    /// <summary>It is published before it signs, so that everybody who checks tokens has it by then.</summary>
    private static readonly TimeSpan Announcement = TimeSpan.FromDays(2);

    /// <summary>It is published after it has signed, so that what it has signed can be checked to its end.</summary>
    private static readonly TimeSpan Retention = TimeSpan.FromDays(2);

    /// <summary>Whether the next key has to be made now.</summary>
    public static bool IsDue(IEnumerable<DateTimeOffset> made, DateTimeOffset now) => !made.Any(at => at + Use > now);

    public static bool IsGone(DateTimeOffset made, DateTimeOffset now) => made + Announcement + Use + Retention <= now;

    /// <summary>The keys to publish, by id: the one that signs first.</summary>
    public static IReadOnlyList<string> Order(IEnumerable<(string Id, DateTimeOffset MadeAt)> keys, DateTimeOffset now)
    {
        var newest = keys.Where(key => !IsGone(key.MadeAt, now)).OrderByDescending(key => key.MadeAt).ToList();

        // The very first key signs at once: nobody could have been told of it before.
        var signs = newest.Find(key => key.MadeAt + Announcement <= now).Id ?? newest[^1].Id;
        return [signs, .. newest.Select(key => key.Id).Where(id => id != signs)];
    }
}
