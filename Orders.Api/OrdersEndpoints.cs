using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using SecureShop.Orders.Contracts;
using SecureShop.Orders.Data;
using SecureShop.Orders.Model;
using SecureShop.Orders.Placing;
using SecureShop.Orders.Progress;
using SecureShop.ServiceDefaults;

namespace SecureShop.Orders;

/// <summary>The orders API: the routes with their access rules, then the handlers.</summary>
internal static class OrdersEndpoints
{
    private const int MostItems = 100;
    private const int LongestCursor = 200;
    private const string States = "pending, placed, rejecting, rejected, cancelling or cancelled.";

    public static void MapOrders(this IEndpointRouteBuilder app)
    {
        var orders = app.MapGroup("/").WithTags("Orders");

        orders.MapPost("/", Place)
            .RequireAccess(AccessRule.ForScope(Scope.OrdersWrite).WithRoles(Role.Customer))
            .WithName("PlaceOrder").WithSummary("Places an order; safe to repeat with the same Idempotency-Key.")
            .ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status422UnprocessableEntity)
            .ProducesProblem(StatusCodes.Status502BadGateway).ProducesProblem(StatusCodes.Status503ServiceUnavailable);

        orders.MapGet("/", ListMine)
            .RequireAccess(AccessRule.ForScope(Scope.OrdersRead).WithOwnership("the caller's own orders"))
            .WithName("ListMyOrders").WithSummary("Lists the caller's orders, the newest first.");

        orders.MapGet("/{id:guid}", Get)
            .RequireAccess(AccessRule.ForScope(Scope.OrdersRead)
                .WithOwnership("the order's customer; support and admin read any, with the scope orders.admin"))
            .WithName("GetOrder").WithSummary("Reads one order.");

        orders.MapPost("/{id:guid}/cancel", Cancel)
            .RequireAccess(AccessRule.ForScope(Scope.OrdersWrite).WithRoles(Role.Customer).WithOwnership("the order's customer"))
            .WithName("CancelOrder").WithSummary("Cancels a placed order; safe to repeat. 202 while the stock is being released.")
            .ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status412PreconditionFailed);

        orders.MapGet("/all", ListAll)
            .RequireAccess(AccessRule.ForScope(Scope.OrdersAdmin).WithRoles(Role.Support, Role.Admin))
            .WithName("ListAllOrders").WithSummary("Lists everybody's orders, the newest first.");
    }

    private static async Task<Results<Created<OrderResponse>, ProblemHttpResult>> Place(
        PlaceOrderRequest request,
        [FromHeader(Name = IdempotencyKey.Header), Description("8 to 64 letters, digits, - and _. The same key again is the same order.")] string idempotencyKey,
        HttpContext http,
        ClaimsPrincipal user,
        IdempotencyKeys keys,
        OrderProgress progress,
        PlacingAnswers answers,
        CancellationToken cancellationToken)
    {
        if (http.Request.Headers[IdempotencyKey.Header].Count != 1 || !IdempotencyKey.TryRead(idempotencyKey, out var key))
            return answers.NoKey();

        switch (await keys.ClaimAsync(user.Subject(), key, request, cancellationToken))
        {
            case KeyClaim.Mine { Order: var order }:
                await progress.AdvanceAsync(order);
                return answers.Of(order);
            case KeyClaim.Known { Order: var order }:
                return answers.Of(order);
            case KeyClaim.UsedOtherwise:
                return answers.KeyUsedOtherwise();
            default:
                return answers.Busy();
        }
    }

    private static async Task<Results<Ok<Page<OrderResponse>>, ValidationProblem>> ListMine(
        ClaimsPrincipal user,
        OrdersDbContext database,
        CancellationToken cancellationToken,
        [Range(1, MostItems, ErrorMessage = InputMessages.WholeNumber)] int limit = 20,
        [StringLength(LongestCursor, ErrorMessage = OrderPages.NoCursor)] string? after = null)
    {
        if (!OrderPages.TryStart(after, out var start))
            return OrderPages.BadCursor();

        var mine = database.Orders.OwnedBy(user.Subject());
        return TypedResults.Ok(await OrderPages.ReadAsync(mine, start, limit, OrderResponse.From, cancellationToken));
    }

    private static async Task<Results<Ok<OrderResponse>, NotFound>> Get(
        Guid id,
        ClaimsPrincipal user,
        OrdersDbContext database,
        IAuthorizationService authorization,
        HttpContext http,
        CancellationToken cancellationToken)
    {
        // A role alone is not enough: a token that was granted for the caller's own orders does not open those of others.
        var readsAny = user.HasScope(Scope.OrdersAdmin) && (user.HasRole(Role.Support) || user.HasRole(Role.Admin));
        var readable = readsAny ? database.Orders : database.Orders.OwnedBy(user.Subject());
        var order = await readable.Include(order => order.Lines).AsNoTracking()
            .SingleOrDefaultAsync(order => order.Id == id, cancellationToken);

        var rule = readsAny ? Ownership.OrRole(Role.Support, Role.Admin) : Ownership.Only;
        if (order is null || !(await authorization.AuthorizeAsync(user, order, rule)).Succeeded)
            return await NotFoundAsync(http, database, id, cancellationToken);

        http.Response.Headers.ETag = ETag.Of(order);
        return TypedResults.Ok(OrderResponse.From(order));
    }

    private static async Task<Results<Ok<OrderResponse>, Accepted<OrderResponse>, NotFound, ProblemHttpResult>> Cancel(
        Guid id,
        ClaimsPrincipal user,
        OrdersDbContext database,
        IAuthorizationService authorization,
        Cancellation cancellation,
        HttpContext http,
        CancellationToken cancellationToken)
    {
        var order = await database.Orders.OwnedBy(user.Subject()).Include(order => order.Lines)
            .SingleOrDefaultAsync(order => order.Id == id, cancellationToken);
        if (order is null || !(await authorization.AuthorizeAsync(user, order, Ownership.Only)).Succeeded)
            return await NotFoundAsync(http, database, id, cancellationToken);

        switch (await cancellation.CancelAsync(order, http.Request.Headers.IfMatch, cancellationToken))
        {
            case CancelOutcome.Stale:
                return TypedResults.Problem("The order has changed since it was read.", statusCode: StatusCodes.Status412PreconditionFailed);
            case CancelOutcome.NotPlaced:
                return TypedResults.Problem("Only a placed order can be cancelled.", statusCode: StatusCodes.Status409Conflict);
            case var outcome:
                http.Response.Headers.ETag = ETag.Of(order);
                return outcome == CancelOutcome.Done
                    ? TypedResults.Ok(OrderResponse.From(order))
                    : TypedResults.Accepted((string?)null, OrderResponse.From(order));
        }
    }

    /// <summary>
    /// Somebody else's order and no order look the same, else ids could be probed for; but who names another's order leaves an
    /// event. Whether there is one is asked in both cases, so that the work is the same; what differs is the writing of a log
    /// line, microseconds. And whoever could measure that has to hold the id already: it has 74 random bits.
    /// </summary>
    private static async Task<NotFound> NotFoundAsync(HttpContext http, OrdersDbContext database, Guid id, CancellationToken cancellationToken)
    {
        if (await database.Orders.AnyAsync(order => order.Id == id, cancellationToken))
            SecurityLog.Of(http, StatusCodes.Status404NotFound).OwnershipRefused();
        return TypedResults.NotFound();
    }

    private static async Task<Results<Ok<Page<StaffOrderResponse>>, ValidationProblem>> ListAll(
        OrdersDbContext database,
        CancellationToken cancellationToken,
        [Range(1, MostItems, ErrorMessage = InputMessages.WholeNumber)] int limit = 20,
        [StringLength(LongestCursor, ErrorMessage = OrderPages.NoCursor)] string? after = null,
        [AllowedValues("pending", "placed", "rejecting", "rejected", "cancelling", "cancelled", null, ErrorMessage = States)] string? state = null,
        [RegularExpression("[A-Za-z0-9_-]{1,64}", ErrorMessage = "A customer's id: 1 to 64 letters, digits, - and _.")] string? customer = null)
    {
        if (!OrderPages.TryStart(after, out var start))
            return OrderPages.BadCursor();

        IQueryable<Order> orders = database.Orders;
        if (state is not null)
        {
            var wanted = OrderStates.FromWire(state);
            orders = orders.Where(order => order.State == wanted);
        }

        if (customer is not null)
            orders = orders.OwnedBy(customer);
        return TypedResults.Ok(await OrderPages.ReadAsync(orders, start, limit, StaffOrderResponse.From, cancellationToken));
    }
}
