using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using SecureShop.Orders.Data;
using SecureShop.Orders.Orders;
using SecureShop.Orders.Progress;
using SecureShop.ServiceDefaults.Access;
using SecureShop.ServiceDefaults.Data;
using SecureShop.ServiceDefaults.Events;
using SecureShop.ServiceDefaults.Input;
using SecureShop.ServiceDefaults.Paging;
using SecureShop.Storage.Outbox;

namespace SecureShop.Orders.Parked;

/// <summary>A message that nobody tries any more.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Kind">What was to be done.</param>
/// <param name="About">The order, or the refund.</param>
/// <param name="CreatedAt">When the change was made that asked for it.</param>
/// <param name="ParkedAt">When it was given up.</param>
/// <param name="Failures">How often it failed before.</param>
public sealed record ParkedMessageResponse(Guid Id, string Kind, Guid About, DateTimeOffset CreatedAt, DateTimeOffset ParkedAt, int Failures)
{
    internal static ParkedMessageResponse Of(OutboxMessage message) => new(
        message.Id, message.Kind, message.Subject, message.CreatedAt, message.ParkedAt!.Value, message.Failures);
}

/// <summary>What nobody could carry out, for who runs the shop.</summary>
internal static class ParkedMessagesEndpoints
{
    public static void MapParkedMessages(this IEndpointRouteBuilder app)
    {
        var parked = app.MapGroup("/parked").WithTags("Messages");

        parked.MapGet("/", ListParkedMessagesAsync).RequireAccess(AccessTable.ListParkedMessages)
            .WithSummary("Lists the messages that failed so often that nobody tries them any more, the newest first.");

        parked.MapPost("/{id:guid}/retry", RetryParkedMessageAsync).RequireAccess(AccessTable.RetryParkedMessage)
            .WithSummary("Has a parked message tried again.");
    }

    internal static async Task<Results<Ok<Page<ParkedMessageResponse>>, ValidationProblem>> ListParkedMessagesAsync(
        [AsParameters] PageQuery query, OrdersDbContext database, CancellationToken cancellationToken)
    {
        var reader = new QueryReader();
        var (limit, after) = (query.ReadLimit(reader), query.ReadAfter(reader, OrderFilter.ParseCursor));
        if (!reader.IsValid)
            return reader.Problem();

        var messages = database.ParkedMessages().AsNoTracking();
        if (after is { } last)
            messages = messages.Where(message => message.Id < last);
        var rows = await messages.OrderByDescending(message => message.Id).Take(limit + 1).ToListAsync(cancellationToken);
        return TypedResults.Ok(Page.Of(rows, limit, message => PageCursor.Encode(message.Id.ToString("N"))).Select(ParkedMessageResponse.Of));
    }

    internal static async Task<Results<NoContent, NotFound>> RetryParkedMessageAsync(
        Guid id, HttpContext http, OrdersDbContext database, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (await database.ParkedMessages().SingleOrDefaultAsync(message => message.Id == id, cancellationToken) is not { } message)
            return TypedResults.NotFound();
        message.Free(clock.GetStoredNow());
        await database.SaveChangesAsync(cancellationToken);
        OrderEvents.MessageFreed(SecurityLog.Of(http), http.User.Subject(), id);
        return TypedResults.NoContent();
    }
}
