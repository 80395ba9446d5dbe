using System.ComponentModel;
using Microsoft.AspNetCore.Mvc;
using SecureShop.ServiceDefaults.Paging;

namespace SecureShop.Orders.Orders;

/// <summary>The parameters of the list of all orders, as they arrive.</summary>
internal sealed record OrderListQuery : PageQuery
{
    [FromQuery(Name = "state"), Description(OrderStates.InWords)]
    public string? State { get; init; }

    [FromQuery(Name = "customer"), Description("A customer's id.")]
    public string? Customer { get; init; }
}
