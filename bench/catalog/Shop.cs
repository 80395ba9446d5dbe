using System.Security.Cryptography;
using Npgsql;
using SecureShop.EmbeddedServers;
using SecureShop.Testing;

namespace SecureShop.Bench.Catalog;

/// <summary>A Postgres as the Database job leaves it, and the catalog before it twice, logged in as catalog_app: as it ships, and keeping nothing for guests.</summary>
internal sealed class Shop : IAsyncDisposable
{
    /// <summary>A word that every 20,000th of the products that are added has.</summary>
    public const string RareWord = "quokka";

    /// <summary>A word that no product of the shelf "pets" has, and many of another.</summary>
    public const string ShelfWord = "lamp";

    private readonly TestServers place = new();
    private PostgresServer? postgres;
    private TestIssuer? issuer;
    private Part? catalog;
    private Part? keeping;

    private Shop()
    {
    }

    /// <summary>Each answer is read from Postgres.</summary>
    public Part Catalog => catalog!;

    /// <summary>As it ships: what guests get is kept (docs/catalog.md).</summary>
    public Part Keeping => keeping!;

    public Guid Product { get; private set; }

    public long Products { get; private set; }

    public static async Task<Shop> StartAsync(int products)
    {
        var shop = new Shop();
        try
        {
            await shop.BeginAsync(products);
            return shop;
        }
        catch
        {
            await shop.DisposeAsync();
            throw;
        }
    }

    public PgBench Bench(string statement)
    {
        var file = place.Folder($"{Guid.NewGuid():N}.sql");
        File.WriteAllText(file, statement);
        return new(file, App(), Product);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var part in (Part?[])[catalog, keeping])
        {
            if (part is not null)
                await part.DisposeAsync();
        }

        if (issuer is not null)
            await issuer.DisposeAsync();
        if (postgres is not null)
            await postgres.DisposeAsync();
        place.Dispose();
    }

    private NpgsqlConnectionStringBuilder App() => new(postgres!.ConnectionString("shop")) { Username = "catalog_app", Password = place.Password };

    private async Task BeginAsync(int products)
    {
        postgres = await place.StartPostgresAsync(CancellationToken.None);
        await ExecuteAsync(postgres.ConnectionString(), "create database shop");
        var job = (string[])["identity_app", "catalog_app", "orders_app"];
        await Part.RunAsync(
            [Path.Combine(AppContext.BaseDirectory, "Database.dll")],
            [("ConnectionStrings__shop", postgres.ConnectionString("shop")), .. job.Select(role => ($"Roles__{role}", place.Password))]);
        await FillAsync(postgres.ConnectionString("shop"), products);

        issuer = await TestIssuer.StartAsync();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        catalog = await StartAsync(("GuestCache__Megabytes", "0"));
        keeping = await StartAsync();
    }

    private Task<Part> StartAsync(params (string Name, string Value)[] more)
        => Part.StartAsync(
            [Path.Combine(AppContext.BaseDirectory, "Catalog.Api.dll")],
            [
                .. issuer!.Settings.Select(setting => (setting.Key.Replace(":", "__", StringComparison.Ordinal), setting.Value!)),
                ("ConnectionStrings__catalogdb", App().ConnectionString),
                ("ConnectionStrings__redis", "127.0.0.1:1,connectTimeout=500"),
                ("ServiceClient__Id", "catalog-service"),
                ("ServiceClient__Key", ClientKeys.Private()),
                ("PersonalData__Interval", "1.00:00:00"),
                ("Logging__LogLevel__Default", "Warning"),
                ("Logging__LogLevel__Microsoft.Hosting.Lifetime", "Information"),
                .. more,
            ]);

    /// <summary>Copies of what is there, each with a number in its name, until there are as many as asked for.</summary>
    private async Task FillAsync(string admin, int products)
    {
        await ExecuteAsync(
            admin,
            """
            with added as (
            insert into catalog.products (id, seller_id, name, description, category_id, price, currency, cost, supplier, published, created_at, updated_at)
            select gen_random_uuid(), seller_id, left(name || ' ' || copy || case when random() < 0.00005 then ' quokka' else '' end, 120), description, category_id,
                   round((1 + random() * 900)::numeric, 2), currency, cost, supplier, published, created_at, updated_at
            from (select *, count(*) over () as there from catalog.products) as seeded, generate_series(1, greatest(0, ($1 / there)::int)) as copy
            where copy < $1 / there
            returning id, seller_id, created_at)
            insert into catalog.stock (product_id, seller_id, quantity, updated_at) select id, seller_id, 1 + (random() * 100)::int, created_at from added
            """,
            products);
        await ExecuteAsync(admin, "vacuum analyze catalog.products, catalog.stock");
        await using var connection = new NpgsqlConnection(admin);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("select count(*), (array_agg(id order by id) filter (where published))[1] from catalog.products", connection);
        await using var row = await command.ExecuteReaderAsync();
        await row.ReadAsync();
        (Products, Product) = (row.GetInt64(0), row.GetGuid(1));
    }

    [System.Diagnostics.CodeAnalysis.SuppressMessage("Security", "CA2100", Justification = "The texts are those above.")]
    private static async Task ExecuteAsync(string admin, string sql, params int[] numbers)
    {
        await using var connection = new NpgsqlConnection(admin);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 600 };
        foreach (var number in numbers)
            command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = number });
        await command.ExecuteNonQueryAsync();
    }
}
