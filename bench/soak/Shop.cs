using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Npgsql;
using SecureShop.EmbeddedServers;
using SecureShop.ServiceDefaults.Access;
using SecureShop.Testing;

namespace SecureShop.Bench.Soak;

/// <summary>A product that is for sale, and how many there were at first.</summary>
internal sealed record Stocked(Guid Id, string Seller, int Stock);

/// <summary>
/// Postgres, Redis, catalog, orders and the gateway as processes of their own, each behind a line. The identity server alone is a stand-in, in this process:
/// who callers are is not what is looked at.
/// </summary>
internal sealed class Shop : IAsyncDisposable
{
    private static readonly string[] Sellers = ["seller-1", "seller-2", "seller-3"];
    private readonly TestServers place = new();
    private readonly string masterKey = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
    private readonly (string Orders, string Catalog, string Gateway) clientKeys = (ClientKeys.Private(), ClientKeys.Private(), ClientKeys.Private());
    private TestIssuer? issuer;
    private bool measured;

    private Shop()
    {
        Postgres = new("postgres", StartPostgresAsync);
        Redis = new("redis", StartRedisAsync);
        Catalog = new("catalog", () => ServicePart.StartAsync(["Catalog.Api"], [.. Common(), Database("catalog"), ("ServiceClient__Id", "catalog-service"), ("ServiceClient__Key", clientKeys.Catalog)]));
        Orders = new("orders", () => ServicePart.StartAsync(["Orders.Api"], OrdersSettings(), HearAllocations));
        Gateway = new("gateway", () => ServicePart.StartAsync(["Gateway"], GatewaySettings()));
    }

    public Part Postgres { get; }

    public Part Redis { get; }

    public Part Catalog { get; }

    public Part Orders { get; }

    public Part Gateway { get; }

    public IReadOnlyList<Stocked> Products { get; private set; } = [];

    /// <summary>Bytes that the orders service has allocated so far, where it is started to say so.</summary>
    public long Allocated { get; private set; }

    /// <summary>Statements that Postgres has logged, by the role that sent them.</summary>
    public ConcurrentDictionary<string, long> Statements { get; } = new(StringComparer.Ordinal);

    /// <summary>The superuser's connection string, by the same line as the services'.</summary>
    public string Admin => Connection("postgres", place.Password).ConnectionString;

    public static async Task<Shop> StartAsync(int products, bool measured = false)
    {
        var shop = new Shop { measured = measured };
        try
        {
            shop.issuer = await TestIssuer.StartAsync(app => app.MapPost("/connect/token", () => Results.Json(new
            {
                access_token = TestTokens.Create("catalog", scopes: [Scope.CatalogReserve], tweak: token => token.Claims["client_id"] = "orders-service"),
                token_type = "Bearer",
                expires_in = 300,
            })));
            await shop.Postgres.StartAsync();
            await shop.PrepareAsync();
            foreach (var part in (Part[])[shop.Redis, shop.Catalog, shop.Orders, shop.Gateway])
                await part.StartAsync();
            await shop.FillAsync(products);
            return shop;
        }
        catch
        {
            await shop.DisposeAsync();
            throw;
        }
    }

    /// <summary>A client of the gateway, as from outside.</summary>
    public HttpClient Client()
    {
        var client = TestCertificate.Client(new($"https://localhost:{Gateway.Port}"));
        client.DefaultRequestHeaders.Host = new Uri(TestTokens.ShopOrigin).Authority;
        return client;
    }

    /// <summary>What <c>verify-audit</c> says.</summary>
    public Task<(int Code, string Said)> VerifyAuditAsync() => ServicePart.RunAsync(["Database", "verify-audit", "--without-checkpoints"], [("ConnectionStrings__shop", Admin)]);

    public async ValueTask DisposeAsync()
    {
        foreach (var part in (Part[])[Gateway, Orders, Catalog, Redis, Postgres])
            await part.DisposeAsync();
        if (issuer is not null)
            await issuer.DisposeAsync();
        NpgsqlConnection.ClearAllPools();
        place.Dispose();
    }

    private async Task<Running> StartPostgresAsync()
    {
        // What it says is committed survives its death: else every kill would lose the last moment, and rightly so.
        var server = await PostgresServer.StartAsync(
            new() { DataDirectory = place.Folder("postgres"), Password = place.Password, Certificate = TestCertificate.Files, Durable = true }, CountStatement, CancellationToken.None);
        return new(server.ProcessId, server.Port, server);
    }

    private void HearAllocations(string line)
    {
        if (line.StartsWith(StartupHook.Allocated, StringComparison.Ordinal))
            Allocated = long.Parse(line.AsSpan(StartupHook.Allocated.Length), CultureInfo.InvariantCulture);
    }

    private void CountStatement(string line)
    {
        if (line.Contains("LOG:  statement: ", StringComparison.Ordinal) || line.Contains("LOG:  execute ", StringComparison.Ordinal))
            Statements.AddOrUpdate(line.Split('|')[0], 1, (_, count) => count + 1);
    }

    private async Task<Running> StartRedisAsync()
    {
        var server = await place.StartRedisAsync(CancellationToken.None);
        return new(server.ProcessId, server.Port, server);
    }

    private IEnumerable<(string Name, string? Value)> Common() =>
    [
        .. issuer!.Settings.Select(setting => (setting.Key, setting.Value)),
        ("ConnectionStrings__redis", $"localhost:{Redis.Port},password={place.Password},ssl=true"),

        // Nobody asks for a copy of anything here.
        ("PersonalData__Interval", "1.00:00:00"),
    ];

    private (string Name, string? Value) Database(string service) => ($"ConnectionStrings__{service}db", Connection($"{service}_app", place.Password).ConnectionString);

    private NpgsqlConnectionStringBuilder Connection(string user, string password) => new()
    {
        Host = "localhost",
        Port = Postgres.Port,
        Database = "shop",
        Username = user,
        Password = password,
        SslMode = SslMode.VerifyFull,
        RootCertificate = TestCertificate.RootFile,
    };

    private IEnumerable<(string Name, string? Value)> OrdersSettings() =>
    [
        .. Common(), Database("orders"), ("services__catalog__https__0", $"https://localhost:{Catalog.Port}"),
        ("ServiceClient__Id", "orders-service"), ("ServiceClient__Key", clientKeys.Orders), ("Sealing__MasterKeys__0", masterKey), ("Payments__Provider", "development"),

        // Few customers order a lot; and nobody wants to wait a minute at the end.
        ("Bounds__OpenOrders", "1000000"), ("Bounds__PiecesPerProduct", "100000000"), ("Bounds__OpenAmount", "100000000000"), ("Outbox__LongestDelay", "00:00:08"),
        .. measured ? (IEnumerable<(string, string?)>)[("DOTNET_STARTUP_HOOKS", typeof(StartupHook).Assembly.Location)] : [],
    ];

    private IEnumerable<(string Name, string? Value)> GatewaySettings() =>
    [
        .. Common(), ("services__catalog__https__0", $"https://localhost:{Catalog.Port}"), ("services__orders__https__0", $"https://localhost:{Orders.Port}"),
        ("ServiceClient__Id", "gateway"), ("ServiceClient__Key", clientKeys.Gateway),
        .. ((string[])["address_read", "address_write", "subject_read", "subject_write"]).SelectMany(limit => new (string, string?)[]
        {
            ($"Limits__Policies__{limit}__Permits", "1000000000"), ($"Limits__Policies__{limit}__Burst", "100000000"),
        }),
    ];

    private async Task PrepareAsync()
    {
        await using (var admin = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(Admin) { Database = "postgres" }.ConnectionString))
        {
            await admin.OpenAsync();
            await using var command = new NpgsqlCommand("create database shop", admin);
            await command.ExecuteNonQueryAsync();
        }

        string[] roles = ["identity_app", "catalog_app", "orders_app"];
        var (code, said) = await ServicePart.RunAsync(["Database"], [("ConnectionStrings__shop", Admin), .. roles.Select(role => ($"Roles__{role}", (string?)place.Password))]);
        if (code != 0)
            throw new InvalidOperationException($"The Database job ended with {code}: {said}");
    }

    /// <summary>Products of three sellers, of every fifth few: some orders find too little.</summary>
    private async Task FillAsync(int count)
    {
        using var client = TestCertificate.Client(new($"https://localhost:{Catalog.Port}"));
        List<Stocked> made = [];
        for (var number = 0; number < count; number++)
        {
            var (seller, stock) = (Sellers[number % Sellers.Length], number % 5 == 4 ? 40 : 500_000);
            using var request = new HttpRequestMessage(HttpMethod.Post, "/products");
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", TestTokens.Create("catalog", seller, [Scope.CatalogRead, Scope.CatalogWrite], [Role.Seller]));
            request.Content = JsonContent.Create(new { name = $"Lamp {number}", description = "A lamp that stands.", category = "office", price = 10.25m + number, currency = "EUR", stock, published = true });
            using var answer = await client.SendAsync(request);
            var body = await answer.Content.ReadAsStringAsync();
            if (!answer.IsSuccessStatusCode)
                throw new InvalidOperationException($"The catalog took no product: {(int)answer.StatusCode} {body}");
            made.Add(new(JsonElement.Parse(body).GetProperty("id").GetGuid(), seller, stock));
        }

        Products = made;
    }
}
