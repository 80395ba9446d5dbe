using SecureShop.Identity;
using SecureShop.Identity.Pages;
using SecureShop.Mail;
using SecureShop.ServiceDefaults;
using SecureShop.ServiceDefaults.Documents;
using SecureShop.Storage.Audit;
using SecureShop.Storage.PersonalData;

UnicodeTables.Require();
var builder = WebApplication.CreateBuilder(args);

// Services, by concern.
builder.AddErrorPages();
builder.AddServiceDefaults();
builder.AddAccessRules();
builder.AddOwnTokenChecks<SigningKeys>("identity");
builder.AddApiDocument("Identity", "Sign-in and tokens. The protocol describes itself at /.well-known/openid-configuration.");
builder.AddShopDatabase<IdentityDbContext>("identitydb", prepared: 50, guests: DatabaseTask.SignIn);
builder.AddSealedRows<IdentityDbContext, ShopUser>(DatabaseTask.SignIn);
builder.AddKeyProtection();
builder.AddMail<IdentityDbContext>();
builder.AddAccounts();
builder.AddSessions();
builder.AddFactors();
builder.AddAudit<IdentityDbContext>(4000, 4999);
builder.AddApiKeys();
builder.AddAdministration();
builder.AddPersonalData();
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
app.MapPasskeys();
app.MapPersonalParts();
app.VerifyAccessRules();
await app.RunAsync();
