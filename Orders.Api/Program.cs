using SecureShop.Orders;
using SecureShop.Orders.Catalog;
using SecureShop.Orders.Data;
using SecureShop.Orders.Orders;
using SecureShop.Orders.Payments;
using SecureShop.Orders.Personal;
using SecureShop.Orders.Progress;
using SecureShop.Orders.Refunds;
using SecureShop.Orders.Shipping;
using SecureShop.ServiceDefaults;
using SecureShop.ServiceDefaults.Access;
using SecureShop.ServiceDefaults.Documents;
using SecureShop.ServiceDefaults.Services;
using SecureShop.ServiceDefaults.Text;
using SecureShop.ServiceDefaults.Tokens;
using SecureShop.Storage.Audit;
using SecureShop.Storage.Data;
using SecureShop.Storage.Outbox;
using SecureShop.Storage.Sealing;

UnicodeTables.Require();
var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults();
builder.AddTokenChecks("orders");
builder.AddAccessRules();
builder.AddApiDocument("Orders", "Orders of customers: each sees and cancels their own; sellers ship what they sold.");
builder.AddShopDatabase<OrdersDbContext>("ordersdb", prepared: 50);
builder.AddSealing<OrdersDbContext>();
builder.AddAudit<OrdersDbContext>(5000, 5999, OrderEvents.Changed, OrderEvents.Promised);
builder.AddServiceClient<CatalogClient>("catalog", scope: Scope.CatalogReserve);
builder.AddOrders();

var app = builder.Build();

app.UseServiceDefaults();
app.MapServiceDefaults();
app.MapOrders();
app.MapDeliveries();
app.MapSales();
app.MapRefunds();
app.MapParkedMessages<OrdersDbContext>(AccessTable.ListParkedMessages, AccessTable.RetryParkedMessage);
app.MapPaymentNotices();
app.VerifyAccessRules(AccessTable.Of("orders"));

await app.RunAsync();
