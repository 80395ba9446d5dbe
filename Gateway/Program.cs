using SecureShop.Gateway.ApiKeys;
using SecureShop.Gateway.Cors;
using SecureShop.Gateway.Doors;
using SecureShop.Gateway.Headers;
using SecureShop.Gateway.Limits;
using SecureShop.Gateway.Pages;
using SecureShop.Gateway.Routes;
using SecureShop.ServiceDefaults;
using SecureShop.ServiceDefaults.Access;
using SecureShop.ServiceDefaults.Input;
using SecureShop.ServiceDefaults.Problems;
using SecureShop.ServiceDefaults.Telemetry;
using SecureShop.ServiceDefaults.Tokens;

var builder = WebApplication.CreateBuilder(args);

builder.AddShopPages();
builder.AddServiceDefaults();
builder.AddDoors();
builder.AddRequestLimits();
builder.AddCorsAllowList();
builder.AddTokenChecks("catalog", "orders");
builder.AddApiKeys();
builder.AddAccessRules();
builder.AddRoutes();

var app = builder.Build();

// The order, from the outside in.
// 1. What every answer has: telemetry, HEAD without a body, problems, the caller's true address, headers for browsers, and
//    permission for listed pages to read whatever comes. Preflights end here.
app.UseTelemetry();
app.UseHeadWithoutBody();
app.UseProblems();
app.UseTrustedProxies();
app.UseSecurityHeaders();
app.UseCorsAllowList();

// 2. How often an address may ask. Before any refusal, so that none can be had without end.
app.UseAddressLimits();

// 3. Who comes in by which door and in what shape: cheap and anonymous, so that an attack is refused before it costs anything.
app.UsePlainDoor();
app.UseKnownHosts();
app.UseRequestShape();

// 4. Which route it is.
app.UseIdentityTree();
app.UseRouting();
app.UseMethodRefusals();
app.UseInternalDoor();

// 5. Who asks, how often that one may, and for what. Then the service is asked, in bounded time.
app.UseApiKeys();
app.UseRouteAuthentication();
app.UsePrincipalLimits();
app.UseAuthorization();
app.UseQueryRefusals();
app.UseRequestTimeouts();

app.MapHealth();
app.MapRoutes();
app.MapShopPages();

app.VerifyAccessRules();
await app.RunAsync();

/// <summary>The entry point; public for tests.</summary>
public partial class Program;
