using SecureShop.Catalog.Categories;
using SecureShop.Catalog.Data;
using SecureShop.Catalog.GuestCache;
using SecureShop.Catalog.Personal;
using SecureShop.Catalog.Products;
using SecureShop.Catalog.Reservations;
using SecureShop.Catalog.Sales;
using SecureShop.Catalog.Stock;
using SecureShop.ServiceDefaults;
using SecureShop.ServiceDefaults.Access;
using SecureShop.ServiceDefaults.Documents;
using SecureShop.ServiceDefaults.Settings;
using SecureShop.ServiceDefaults.Text;
using SecureShop.ServiceDefaults.Tokens;
using SecureShop.Storage.Audit;
using SecureShop.Storage.Data;
using SecureShop.Storage.PersonalData;

UnicodeTables.Require();
var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults();
builder.AddTokenChecks("catalog");
builder.AddAccessRules();
builder.AddApiDocument("Catalog", "Products: guests read what is published, sellers keep their own.");
builder.AddShopDatabase<CatalogDbContext>("catalogdb", prepared: 50);
builder.AddAudit<CatalogDbContext>(3000, 3999);
builder.AddValidatedOptions<ShopOptions, ShopOptions.Validator>(ShopOptions.Section);
builder.AddCategoryCache();
builder.AddGuestCache();
builder.Services.ConfigureHttpJsonOptions(options => options.SerializerOptions.TypeInfoResolverChain.Insert(0, CatalogJson.Default));
builder.AddValidatedOptions<ImageOptions, ImageOptions.Validator>(ImageOptions.Section);
builder.Services.AddSingleton<ProductImages>();
builder.Services.AddScoped<PublishedProducts>();
builder.Services.AddScoped<ProductQueries>();
builder.Services.AddScoped<ProductCommands>();
builder.Services.AddScoped<StockLevels>();
builder.AddReservations();
builder.Services.AddScoped<SalesQueries>();
builder.AddPersonalData<SellerData>();

// Has to be called in this project: its generator finds the types to validate among this project's handlers.
builder.Services.AddValidation();

var app = builder.Build();

app.UseServiceDefaults();

// Behind all that refuses: who may not ask, or asks wrongly, is not answered from it either.
app.UseOutputCache();
app.MapServiceDefaults();
app.MapProducts();
app.MapStock();
app.MapCategories();
app.MapReservations();
app.MapSales();
app.VerifyAccessRules(AccessTable.Of("catalog"));

await app.RunAsync();
