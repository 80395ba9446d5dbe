using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.EntityFrameworkCore;
using SecureShop.Orders.Data;
using SecureShop.ServiceDefaults.Access;
using SecureShop.ServiceDefaults.Paging;
using SecureShop.Storage.Data.Callers;

namespace SecureShop.Orders.Orders;

/// <summary>Reads orders, each with its lines.</summary>
internal sealed class OrderQueries(OrdersDbContext database, IAuthorizationService authorization)
{
    /// <summary>One page, the newest first: ids are UUIDv7, so their order is the order of time.</summary>
    public async Task<Page<Order>> ListAsync(OrderFilter filter, CancellationToken cancellationToken)
    {
        IQueryable<Order> orders = database.Orders;
        if (filter.Customer is { } customer)
            orders = orders.Where(order => order.CustomerId == customer);
        if (filter.State is { } state)
            orders = orders.Where(order => order.State == state);
        if (filter.After is { } after)
            orders = orders.Where(order => order.Id < after);

        var rows = await orders.OrderByDescending(order => order.Id).Take(filter.Limit + 1)
            .Include(order => order.Lines).AsNoTracking().ToListAsync(cancellationToken);
        return Page.Of(rows, filter.Limit, OrderFilter.WriteCursor);
    }

    /// <summary>One page of <paramref name="user"/>'s own, each judged once more: nothing of it is answered where one is another's.</summary>
    public async Task<Page<Order>> ListOwnAsync(OrderFilter filter, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        var page = await ListAsync(filter, cancellationToken);
        await authorization.AuthorizeAsync(user, page.Items, AccessTable.ListMyOrders.Ownership);
        return page;
    }

    /// <summary>The order, if <paramref name="user"/> may read it: its customer, or staff whose token was granted for the orders of all.</summary>
    public Task<Order?> FindReadableAsync(Guid id, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        var rule = AccessTable.GetOrder.Ownership;
        return FindAsync(
            rule.OpensOthersTo(user) ? database.Orders.AsNoTracking() : OwnedBy(user).AsNoTracking(), rule, id, user, cancellationToken);
    }

    /// <summary>The order, if it is <paramref name="user"/>'s own; tracked, for a change.</summary>
    public Task<Order?> FindOwnAsync(Guid id, ClaimsPrincipal user, CancellationToken cancellationToken)
        => FindAsync(OwnedBy(user).Include(order => order.Step), AccessTable.CancelOrder.Ownership, id, user, cancellationToken);

    /// <summary>The order, whoever's it is; tracked, for a change. For callers whom the rule of their endpoint lets at everybody's.</summary>
    public Task<Order?> FindAnyAsync(Guid id, CancellationToken cancellationToken)
        => database.WholeOrders.SingleOrDefaultAsync(order => order.Id == id, cancellationToken);

    /// <summary>Whether there is such an order, whoever's it is; for events alone.</summary>
    public async Task<bool> ExistsAsync(Guid id, CancellationToken cancellationToken)
    {
        using var acting = DatabaseTask.Watching.Begin();
        return await database.Orders.AnyAsync(order => order.Id == id, cancellationToken);
    }

    private IQueryable<Order> OwnedBy(ClaimsPrincipal user)
    {
        var subject = user.Subject();
        return database.Orders.Where(order => order.CustomerId == subject);
    }

    /// <summary>Ownership is in the query, and once more in the decision, so that forgetting one of them opens nothing.</summary>
    private async Task<Order?> FindAsync(IQueryable<Order> orders, Ownership rule, Guid id, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        var order = await orders.Include(order => order.Lines).SingleOrDefaultAsync(order => order.Id == id, cancellationToken);
        return order is not null && (await authorization.AuthorizeAsync(user, order, rule)).Succeeded ? order : null;
    }
}
