using System.Buffers.Text;
using Microsoft.AspNetCore.Authentication.Cookies;

namespace SecureShop.Identity.Sessions;

/// <summary>
/// Keeps what the cookie stands for in Postgres: one read a request, so that a session that was ended at one replica is over at all
/// of them, and a write a minute at most. The cookie holds the key alone, sealed.
/// </summary>
internal sealed class SessionStore(IDataProtectionProvider protection, IHttpContextAccessor http, TimeProvider clock) : ITicketStore
{
    private static readonly TimeSpan SeenEvery = TimeSpan.FromMinutes(1);
    private readonly IDataProtector seal = protection.CreateProtector("sessions/v1");

    private HttpContext Context => http.HttpContext ?? throw new InvalidOperationException("A session belongs to a request.");

    private IdentityDbContext Database => Context.RequestServices.GetRequiredService<IdentityDbContext>();

    public async Task<string> StoreAsync(AuthenticationTicket ticket)
    {
        // ShopSessions alone makes sessions: whatever else would sign somebody in is a fault.
        var draft = SessionDraft.Of(Context) ?? throw new InvalidOperationException($"Sign in by {nameof(ShopSessions)}.");
        var key = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        draft.Row.KeyHash = Hash(key);
        draft.Row.Ticket = Seal(draft.Row.Id, draft.Row.KeyHash, ticket);
        if (draft.Continues)
            await ContinueAsync(draft.Row);
        else
            await AddAsync(draft.Row);
        return key;
    }

    public async Task<AuthenticationTicket?> RetrieveAsync(string key)
    {
        // Session fixation: the handler would go on with the key that came. While a new one is made no key is any good.
        if (SessionDraft.Of(Context) is not null)
            return null;

        var hash = Hash(key);
        var now = clock.GetStoredNow();
        var found = await Database.LiveSessions(now).AsNoTracking().Where(s => s.KeyHash == hash)
            .Select(s => new { s.Id, s.Ticket, s.LastSeenAt, User = s.User! }).SingleOrDefaultAsync(Context.RequestAborted);
        if (found is null || Open(found.Id, hash, found.Ticket) is not { Principal.Identity: ClaimsIdentity identity } ticket)
            return null;

        var before = now - SeenEvery;
        if (found.LastSeenAt <= before)
        {
            await Database.Set<SessionRow>().Where(s => s.Id == found.Id && s.LastSeenAt <= before)
                .ExecuteUpdateAsync(set => set.SetProperty(s => s.LastSeenAt, now), Context.RequestAborted);
        }

        // As it is today, not as it was at sign-in.
        identity.TryRemoveClaim(identity.FindFirst(ShopClaims.Name));
        identity.AddClaim(new Claim(ShopClaims.Name, found.User.DisplayName));
        return ticket;
    }

    /// <summary>For what the token server notes on a session. One that has ended meanwhile stays ended.</summary>
    public async Task RenewAsync(string key, AuthenticationTicket ticket)
    {
        var hash = Hash(key);
        var sealedTicket = Seal(ticket.Properties.GetString(ShopSessions.IdProperty) ?? "", hash, ticket);
        await Database.Set<SessionRow>().Where(s => s.KeyHash == hash).ExecuteUpdateAsync(set => set.SetProperty(s => s.Ticket, sealedTicket));
    }

    public async Task RemoveAsync(string key)
    {
        var hash = Hash(key);
        await Database.Set<SessionRow>().Where(s => s.KeyHash == hash).ExecuteDeleteAsync();
    }

    // In a scope of its own: what else the request has pending is not for us to save.
    private async Task AddAsync(SessionRow row)
    {
        await using var scope = Context.RequestServices.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<IdentityDbContext>();
        database.Add(row);
        await database.SaveChangesAsync(Context.RequestAborted);
    }

    // A session that was ended a moment ago does not come back: then the new key opens nothing.
    private Task<int> ContinueAsync(SessionRow row) => Database.LiveSessions(row.LastSeenAt).Where(s => s.Id == row.Id && s.UserId == row.UserId)
        .ExecuteUpdateAsync(
            set => set.SetProperty(s => s.KeyHash, row.KeyHash).SetProperty(s => s.Ticket, row.Ticket).SetProperty(s => s.Methods, row.Methods)
                .SetProperty(s => s.Stamp, row.Stamp).SetProperty(s => s.LastSeenAt, row.LastSeenAt).SetProperty(s => s.ExpiresAt, row.ExpiresAt),
            Context.RequestAborted);

    private byte[] Seal(string id, byte[] keyHash, AuthenticationTicket ticket) => Of(id, keyHash).Protect(TicketSerializer.Default.Serialize(ticket));

    /// <summary>What is sealed in a row; null for what was not sealed by us for its key.</summary>
    public AuthenticationTicket? Open(string id, byte[] keyHash, byte[] ticket)
    {
        try
        {
            return TicketSerializer.Default.Deserialize(Of(id, keyHash).Unprotect(ticket));
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private IDataProtector Of(string id, byte[] keyHash) => seal.CreateProtector(id, Convert.ToHexString(keyHash));

    // Random, and long enough that one hash protects it.
    private static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}

/// <summary>The session that a request is about to make, or to go on with under a new key.</summary>
internal sealed record SessionDraft(SessionRow Row, bool Continues)
{
    public static SessionDraft? Of(HttpContext context) => context.Items.TryGetValue(typeof(SessionDraft), out var draft) ? (SessionDraft?)draft : null;

    public void Announce(HttpContext context) => context.Items[typeof(SessionDraft)] = this;
}
