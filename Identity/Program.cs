using SecureShop.Identity.Accounts;
using SecureShop.Identity.Data;
using SecureShop.Identity.Keys;
using SecureShop.Identity.Sessions;
using SecureShop.Identity.Tokens;
using SecureShop.Identity.Web;
using SecureShop.ServiceDefaults;
using SecureShop.ServiceDefaults.Access;
using SecureShop.ServiceDefaults.Documents;
using SecureShop.ServiceDefaults.Pages;
using SecureShop.ServiceDefaults.Text;

UnicodeTables.Require();
var builder = WebApplication.CreateBuilder(args);

// Services, by concern.
builder.AddErrorPages();
builder.AddServiceDefaults();
builder.AddAccessRules();
builder.AddApiDocument("Identity", "Sign-in and tokens. The protocol describes itself at /.well-known/openid-configuration.");
builder.AddIdentityDatabase();
builder.AddKeyProtection();
builder.AddAccounts();
builder.AddSessions();
builder.AddTokenServer();
builder.AddPages();

var app = builder.Build();

// The pipeline: our own host and headers on everything, then problems, routing and access rules, then the token server's own paths.
app.UsePublicHost();
app.UsePageHeaders();
app.UseServiceDefaults(inputFirst: true);
app.UseAddressLength();

app.MapServiceDefaults();
app.MapTokenServer();
app.MapPages();
app.VerifyAccessRules();
await app.RunAsync();
