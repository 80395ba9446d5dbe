using SecureShop.Gateway.ApiKeys;
using SecureShop.Gateway.Callers;
using SecureShop.Gateway.Cors;
using SecureShop.Gateway.Doors;
using SecureShop.Gateway.Firewall;
using SecureShop.Gateway.Headers;
using SecureShop.Gateway.Limits;
using SecureShop.Gateway.Overload;
using SecureShop.Gateway.Pages;
using SecureShop.Gateway.Routes;
using SecureShop.Gateway.Traffic;
using SecureShop.ServiceDefaults;
using SecureShop.ServiceDefaults.Access;
using SecureShop.ServiceDefaults.Input;
using SecureShop.ServiceDefaults.Problems;
using SecureShop.ServiceDefaults.Revocations;
using SecureShop.ServiceDefaults.Telemetry;
using SecureShop.ServiceDefaults.Tokens;

var builder = WebApplication.CreateBuilder(args);

builder.AddShopPages();
builder.AddServiceDefaults();
builder.AddDoors();
builder.AddCallerLists();
builder.AddRequestLimits();
builder.AddOverload();
builder.AddCorsAllowList();
builder.AddFirewall();
builder.AddTrafficFigures();
builder.AddDpopProofs();
builder.AddRevocations();
builder.AddTokenChecks("catalog", "orders");
builder.AddApiKeys();
builder.AddAccessRules();
builder.AddRoutes();

var app = builder.Build();

// The order, from the outside in.
// 1. What every answer has: telemetry, figures of its caller, HEAD without a body, problems, the caller's true address, headers for browsers, and
//    permission for listed pages to read whatever comes. Who is denied ends here, before any work; and so do preflights.
app.UseTelemetry();
app.UseTrafficFigures();
app.UseHeadWithoutBody();
app.UseProblems();
app.UseTrustedProxies();
app.UseSecurityHeaders();
app.UseCallerLists();
app.UseCorsAllowList();

// 2. Who asks, and how often that one may: one decision over all limits, so that what one of them refuses costs nothing at another.
//    Before any other refusal, so that none can be had without end. The token is checked first, which is safe: what comes in the clear
//    or with a bad token is nobody's, and whoever is known to have asked too often gets no token checked. Nor does whom there is no
//    room for.
app.UseHopelessRefusals();
app.UseLoadShedding();
app.UseApiKeys();
app.UseRouteAuthentication();
app.UseRequestLimits();

// 3. Who comes in by which door and in what shape: cheap and anonymous, so that an attack is refused before it costs anything.
app.UsePlainDoor();
app.UseKnownHosts();
app.UseRequestShape();

// 4. Which route it is, and whether what came with it is an attack.
app.UseIdentityTree();
app.UseRouting();
app.UseMethodRefusals();
app.UseInternalDoor();
app.UseFirewall();

// 5. Whether that one may do this. Then the service is asked, in bounded time.
app.UseApiKeyRefusals();
app.UseAuthorization();
app.UseQueryRefusals();
app.UseRequestTimeouts();
app.UseFirewallForBodies();

app.MapHealth();
app.MapRoutes();
app.MapApiMetadata();
app.MapShopPages();

app.VerifyAccessRules();
await app.RunAsync();

/// <summary>The entry point; public for tests.</summary>
public partial class Program;
