using SecureShop.Gateway.Cors;
using SecureShop.Gateway.Doors;
using SecureShop.Gateway.Headers;
using SecureShop.Gateway.Limits;
using SecureShop.Gateway.Pages;
using SecureShop.Gateway.Routes;
using SecureShop.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);

builder.AddShopPages();
builder.AddServiceDefaults();
builder.AddDoors();
builder.AddRequestLimits();
builder.AddCorsAllowList();
builder.AddTokenChecks("catalog", "orders");
builder.AddAccessRules();
builder.AddRoutes();

var app = builder.Build();

// Cheap and anonymous first, so that an attack is refused before it costs anything.
app.UseTelemetry();
app.UseHeadWithoutBody();
app.UseProblems();
app.UseTrustedProxies();
app.UseSecurityHeaders();
app.UsePlainDoor();
app.UseKnownHosts();
app.UseRequestShape();
app.UseIdentityTree();
app.UseRouting();
app.UseMethodRefusals();
app.UseInternalDoor();
app.UseAddressLimits();
app.UseCorsAllowList();
app.UseRouteAuthentication();
app.UsePrincipalLimits();
app.UseAuthorization();
app.UseQueryRefusals();
app.UseRequestTimeouts();

app.MapHealth();
app.MapRoutes();
app.MapShopPages();

app.VerifyAccessRules();
app.Run();

/// <summary>The entry point; public for tests.</summary>
public partial class Program;
