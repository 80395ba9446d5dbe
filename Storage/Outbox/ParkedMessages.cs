using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using SecureShop.ServiceDefaults.Access;
using SecureShop.ServiceDefaults.Data;
using SecureShop.ServiceDefaults.Events;
using SecureShop.ServiceDefaults.Input;
using SecureShop.ServiceDefaults.Paging;

namespace SecureShop.Storage.Outbox;

/// <summary>A message that nobody tries any more.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Kind">What was to be done.</param>
/// <param name="About">The row that it is about.</param>
/// <param name="CreatedAt">When the change was made that asked for it.</param>
/// <param name="ParkedAt">When it was given up.</param>
/// <param name="Failures">How often it failed before.</param>
public sealed record ParkedMessageResponse(Guid Id, string Kind, Guid About, DateTimeOffset CreatedAt, DateTimeOffset ParkedAt, int Failures)
{
    internal static ParkedMessageResponse Of(OutboxMessage message) => new(
        message.Id, message.Kind, message.Subject, message.CreatedAt, message.ParkedAt!.Value, message.Failures);
}

/// <summary>What nobody could carry out, for who runs the shop.</summary>
public static partial class ParkedMessages
{
    /// <summary>Maps the list of the parked messages of <typeparamref name="TContext"/>, and the way back for one of them.</summary>
    public static void MapParkedMessages<TContext>(this IEndpointRouteBuilder app, AccessRow list, AccessRow retry)
        where TContext : DbContext
    {
        ArgumentNullException.ThrowIfNull(app);
        ArgumentNullException.ThrowIfNull(list);
        ArgumentNullException.ThrowIfNull(retry);
        app.MapGet(list.Path, ListAsync<TContext>).RequireAccess(list).WithTags("Messages")
            .WithSummary("Lists the messages that failed so often that nobody tries them any more, the newest first.");
        app.MapPost(retry.Path, RetryAsync<TContext>).RequireAccess(retry).WithTags("Messages")
            .WithSummary("Has a parked message tried again.");
    }

    internal static async Task<Results<Ok<Page<ParkedMessageResponse>>, ValidationProblem>> ListAsync<TContext>(
        [AsParameters] PageQuery query, TContext database, CancellationToken cancellationToken)
        where TContext : DbContext
    {
        var reader = new QueryReader();
        var (limit, after) = (query.ReadLimit(reader), query.ReadAfter(reader, ParseCursor));
        if (!reader.IsValid)
            return reader.Problem();

        var messages = Parked(database).AsNoTracking();
        if (after is { } last)
            messages = messages.Where(message => message.Id < last);
        var rows = await messages.OrderByDescending(message => message.Id).Take(limit + 1).ToListAsync(cancellationToken);
        return TypedResults.Ok(Page.Of(rows, limit, message => PageCursor.Encode(message.Id.ToString("N"))).Select(ParkedMessageResponse.Of));
    }

    internal static async Task<Results<NoContent, NotFound>> RetryAsync<TContext>(
        Guid id, HttpContext http, TContext database, TimeProvider clock, CancellationToken cancellationToken)
        where TContext : DbContext
    {
        if (await Parked(database).SingleOrDefaultAsync(message => message.Id == id, cancellationToken) is not { } message)
            return TypedResults.NotFound();
        message.Free(clock.GetStoredNow());
        await database.SaveChangesAsync(cancellationToken);
        MessageFreed(SecurityLog.Of(http), http.User.Subject(), id);
        return TypedResults.NoContent();
    }

    private static IQueryable<OutboxMessage> Parked(DbContext database) => database.Set<OutboxMessage>().Where(message => message.ParkedAt != null);

    private static Guid? ParseCursor(string text)
        => PageCursor.TryDecode(text, 1, out var parts) && Guid.TryParseExact(parts[0], "N", out var id) ? id : null;

    [LoggerMessage(4144, LogLevel.Warning, "{Actor} has the parked message {Message} tried again")]
    private static partial void MessageFreed(ILogger security, string actor, Guid message);
}
