using System.ComponentModel;
using Microsoft.AspNetCore.Mvc;
using SecureShop.ServiceDefaults.Paging;

namespace SecureShop.Orders.Shipping;

/// <summary>The parameters of a seller's list, as they arrive.</summary>
internal sealed record SalesQuery : PageQuery
{
    [FromQuery(Name = "toShip"), Description("true: orders with lines that the caller has still to ship.")]
    public string? ToShip { get; init; }
}
