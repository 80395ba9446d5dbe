using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Npgsql;
using SecureShop.ServiceDefaults.Data;
using SecureShop.ServiceDefaults.Events;
using SecureShop.Storage.Data;

namespace SecureShop.Storage.PersonalData;

/// <summary>What becomes of a service's answer.</summary>
internal enum PartAnswer
{
    /// <summary>It is kept, or was so before.</summary>
    Kept,

    /// <summary>Nobody asked this service, or does any more.</summary>
    NotAsked,

    /// <summary>It answered something else before, and that stays.</summary>
    Different,

    /// <summary>It is no answer to what was asked.</summary>
    Unfit,
}

/// <summary>
/// The requests of people, kept where they sign in. Services come and ask what there is for them: nobody sends them anything, so there is no token
/// in the system that reads or erases other people's data over HTTP, which somebody could steal.
/// </summary>
public sealed class PersonalRequests
{
    /// <summary>How long a service's part of a copy may be, in bytes of JSON.</summary>
    public const int MaxContent = 1024 * 1024;

    /// <summary>How long a copy is kept to be fetched.</summary>
    public static readonly TimeSpan CopyLifetime = TimeSpan.FromHours(24);

    // Long enough to ask whether it was done; the audit trail knows it for ever.
    private static readonly TimeSpan ErasureLifetime = TimeSpan.FromDays(30);

    private readonly DbContext database;
    private readonly IDataProtectionProvider protection;
    private readonly SecurityLog security;
    private readonly TimeProvider clock;

    internal PersonalRequests(DbContext database, IDataProtectionProvider protection, SecurityLog security, TimeProvider clock)
        => (this.database, this.protection, this.security, this.clock) = (database, protection, security, clock);

    /// <summary>The services that keep something about people. A new one is one word here, and its <see cref="IPersonalData"/>.</summary>
    public static IReadOnlyList<string> Services { get; } = ["catalog", "orders"];

    private DbSet<PersonalRequest> All => database.Set<PersonalRequest>();

    private DateTimeOffset Oldest => clock.GetStoredNow() - CopyLifetime;

    /// <summary>The copy that <paramref name="subject"/> has asked for, with its parts; null where there is none any more.</summary>
    public async Task<PersonalRequest?> FindExportAsync(string subject, CancellationToken cancellationToken)
    {
        var oldest = Oldest;
        return await All.AsNoTracking().Include(request => request.Parts.OrderBy(part => part.Service)).SingleOrDefaultAsync(
            request => request.Subject == subject && request.Kind == PersonalRequestKind.Export && request.AskedAt > oldest, cancellationToken);
    }

    /// <summary>Asks every service for a copy; what was answered to an earlier request goes. Does nothing while one is not answered.</summary>
    public async Task StartExportAsync(string subject, CancellationToken cancellationToken)
    {
        var oldest = Oldest;
        try
        {
            var started = await database.InTransactionAsync(
                async () =>
                {
                    await All.Where(request => request.Subject == subject && request.Kind == PersonalRequestKind.Export
                            && (request.AskedAt <= oldest || request.Parts.All(part => part.State != PersonalPartState.Open)))
                        .ExecuteDeleteAsync(cancellationToken);
                    if (await All.AnyAsync(request => request.Subject == subject, cancellationToken))
                        return false;
                    Add(subject, PersonalRequestKind.Export);
                    await database.SaveChangesAsync(cancellationToken);
                    return true;
                },
                cancellationToken);
            if (started)
                security.ForCurrentRequest().ExportAsked(subject);
        }
        catch (DbUpdateException race) when (race.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            // A double click: the other one has begun it.
        }
    }

    /// <summary>Asks every service to erase, as part of the caller's transaction, who saves it. Copies that were asked for go.</summary>
    public async Task AddErasureAsync(string subject, CancellationToken cancellationToken)
    {
        await All.Where(request => request.Subject == subject && request.Kind == PersonalRequestKind.Export).ExecuteDeleteAsync(cancellationToken);
        Add(subject, PersonalRequestKind.Erase);
    }

    /// <summary>What a service has answered, by its name: JSON in UTF-8, or null where it keeps more than goes into one file.</summary>
    /// <exception cref="CryptographicException">It was changed, or put in another place.</exception>
    public IReadOnlyDictionary<string, byte[]?> Open(PersonalRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return request.Parts.ToDictionary(part => part.Service, part => part.Content is null ? null : Seal(part.RequestId, part.Service).Unprotect(part.Content), StringComparer.Ordinal);
    }

    /// <summary>What waits for <paramref name="service"/>, the oldest first.</summary>
    internal Task<List<PersonalRequest>> ListOpenAsync(string service, Guid? after, int count, CancellationToken cancellationToken)
    {
        var oldest = Oldest;
        var open = All.AsNoTracking().Where(request => (request.Kind == PersonalRequestKind.Erase || request.AskedAt > oldest)
            && request.Parts.Any(part => part.Service == service && part.State == PersonalPartState.Open));
        if (after is { } last)
            open = open.Where(request => request.Id > last);
        return open.OrderBy(request => request.Id).Take(count).ToListAsync(cancellationToken);
    }

    /// <summary>Keeps what <paramref name="service"/> answers, once: an answer that is there is never changed.</summary>
    internal async Task<PartAnswer> AnswerAsync(string service, Guid id, PersonalPartState state, byte[]? content, CancellationToken cancellationToken)
    {
        var oldest = Oldest;
        var request = await All.AsNoTracking().SingleOrDefaultAsync(
            request => request.Id == id && (request.Kind == PersonalRequestKind.Erase || request.AskedAt > oldest) && request.Parts.Any(part => part.Service == service), cancellationToken);
        if (request is null)
            return PartAnswer.NotAsked;

        // A copy, or that it is too large; of an erasure that it is done.
        if ((request.Kind, state, content) is not ((PersonalRequestKind.Export, PersonalPartState.Done, { Length: > 0 and <= MaxContent })
            or (PersonalRequestKind.Export, PersonalPartState.TooLarge, null) or (PersonalRequestKind.Erase, PersonalPartState.Done, null)))
            return PartAnswer.Unfit;

        // One step decides: of two replicas that answer at once, one is heard.
        var now = clock.GetStoredNow();
        var closed = content is null ? null : Seal(id, service).Protect(content);
        var own = database.Set<PersonalPart>().Where(part => part.RequestId == id && part.Service == service);
        var kept = await own.Where(part => part.State == PersonalPartState.Open).ExecuteUpdateAsync(
            set => set.SetProperty(part => part.State, state).SetProperty(part => part.Content, closed).SetProperty(part => part.AnsweredAt, now), cancellationToken);
        if (kept == 1)
        {
            security.ForCurrentRequest().PersonalPartAnswered(request.Subject, service, request.Kind.ToString(), state.ToString());
            return PartAnswer.Kept;
        }

        var before = await own.AsNoTracking().SingleOrDefaultAsync(cancellationToken);
        if (before is null)
            return PartAnswer.NotAsked;
        var said = before.Content is null ? null : Seal(id, service).Unprotect(before.Content);
        return before.State == state && said.AsSpan().SequenceEqual(content) ? PartAnswer.Kept : PartAnswer.Different;
    }

    /// <summary>Removes copies whose time is over, and erasures that were done long ago.</summary>
    internal async Task RemoveExpiredAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (copies, erasures) = (now - CopyLifetime, now - ErasureLifetime);
        await All.Where(request => request.Kind == PersonalRequestKind.Export ? request.AskedAt <= copies
            : request.AskedAt <= erasures && request.Parts.All(part => part.State != PersonalPartState.Open)).ExecuteDeleteAsync(cancellationToken);
    }

    private void Add(string subject, PersonalRequestKind kind)
    {
        var now = clock.GetStoredNow();
        All.Add(new()
        {
            Id = Guid.CreateVersion7(now),
            Subject = subject,
            Kind = kind,
            AskedAt = now,
            Parts = [.. Services.Select(service => new PersonalPart { Service = service })],
        });
    }

    // For its own place: nobody who can write to the table gets somebody else's copy by way of their own request.
    private IDataProtector Seal(Guid request, string service) => protection.CreateProtector("SecureShop.PersonalData", request.ToString(), service);
}
