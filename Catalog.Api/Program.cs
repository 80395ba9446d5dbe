using Microsoft.EntityFrameworkCore;
using SecureShop.Catalog.Categories;
using SecureShop.Catalog.Data;
using SecureShop.Catalog.Products;
using SecureShop.Catalog.Reservations;
using SecureShop.ServiceDefaults;

UnicodeTables.Require();
var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults();
builder.AddTokenChecks("catalog");
builder.AddAccessRules();
builder.AddApiDocument("Catalog", "Products: guests read what is published, sellers keep their own.");
builder.AddNpgsqlDbContext<CatalogDbContext>(
    "catalogdb",
    settings => (settings.DisableTracing, settings.DisableMetrics) = (true, true),
    options => options.UseSnakeCaseNamingConvention());
builder.AddCategoryCache();
builder.Services.AddScoped<StockReservations>();
builder.Services.AddValidation();

var app = builder.Build();

app.UseServiceDefaults();
app.MapServiceDefaults();
app.MapProducts();
app.MapCategories();
app.MapReservations();
app.VerifyAccessRules();

await app.RunAsync();
