using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SecureShop.Orders.Data;
using SecureShop.Orders.Orders;
using SecureShop.ServiceDefaults.Access;
using SecureShop.Storage.Outbox;
using SecureShop.Storage.Payments;
using SecureShop.Testing;

namespace SecureShop.Orders.Tests.Support;

/// <summary>The service as it ships, on https, with a real Postgres, a test catalog and a test issuer around it.</summary>
public sealed class OrdersHost(PostgresFixture postgres) : IAsyncLifetime
{
    private WebApplicationFactory<OrdersDbContext>? factory;
    private TestIssuer? issuer;
    private HttpClient? client;

    public TestCatalog Catalog { get; private set; } = null!;

    /// <summary>The superuser's connection, for looking behind the API.</summary>
    public string AdminConnection { get; private set; } = "";

    public TestClock Clock { get; } = new();

    /// <summary>Of this host alone.</summary>
    public string MasterKey { get; } = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    public RecordedEvents Events { get; } = new();

    /// <summary>Talks to the service without a token.</summary>
    public HttpClient Client => client!;

    internal IServiceProvider Services => factory!.Services;

    internal OutboxDispatcher<OrdersDbContext> Outbox => factory!.Services.GetRequiredService<OutboxDispatcher<OrdersDbContext>>();

    /// <summary>The payment provider, which does as it should unless told otherwise.</summary>
    internal TestPayments Payments { get; private set; } = null!;

    /// <summary>The secrets of the provider's notices, the present and the former one.</summary>
    public static IReadOnlyList<string> WebhookSecrets { get; } = [Secret(1), Secret(2)];

    /// <summary>What <see cref="ParkAsync"/> has parked.</summary>
    public Guid Parked { get; private set; }

    /// <summary>Settings beside those of every test; to be given before the host starts.</summary>
    public Dictionary<string, string?> More { get; } = new(StringComparer.Ordinal);

    public async ValueTask InitializeAsync()
    {
        Catalog = await TestCatalog.StartAsync();
        issuer = await TestIssuer.StartAsync(app => app.MapPost(
            "/connect/token", () => Results.Json(new { access_token = Catalog.Token, token_type = "Bearer", expires_in = 300 })));
        AdminConnection = await ReadyDatabases.CreateAsync(postgres);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var settings = new Dictionary<string, string?>(issuer.Settings, StringComparer.OrdinalIgnoreCase)
        {
            ["Shop:Origin"] = "https://localhost:7443",
            ["services:catalog:https:0"] = Catalog.Address.AbsoluteUri,
            ["ServiceClient:Id"] = "orders-service",
            ["ServiceClient:Key"] = Convert.ToBase64String(key.ExportPkcs8PrivateKey()),
            ["ConnectionStrings:ordersdb"] = ReadyDatabases.As(AdminConnection, "orders_app"),
            ["Sealing:MasterKeys:0"] = MasterKey,

            // The tests run the outbox themselves.
            ["Outbox:Interval"] = "1.00:00:00",
            ["Progress:CallTimeout"] = "00:00:10",
            ["Payments:Provider"] = "development",
            ["Payments:WebhookSecrets:0"] = WebhookSecrets[0],
            ["Payments:WebhookSecrets:1"] = $"whsec_{WebhookSecrets[1]}",
        };
        foreach (var (name, value) in More)
            settings[name] = value;

        factory = new WebApplicationFactory<OrdersDbContext>().WithWebHostBuilder(host =>
        {
            foreach (var (name, value) in settings)
                host.UseSetting(name, value);
            host.ConfigureLogging(logging => logging.ClearProviders().AddProvider(Events));
            host.ConfigureServices(services => services.AddSingleton<TimeProvider>(Clock));
            host.ConfigureTestServices(services => services.AddSingleton<IPayments>(provider =>
                new TestPayments(new DevelopmentPayments<OrdersDbContext>(provider.GetRequiredService<IServiceScopeFactory>(), Clock))));
        });
        factory.UseKestrel(options => options.Listen(System.Net.IPAddress.Loopback, 0, listen => listen.UseHttps(TestCertificate.Leaf)));
        factory.StartServer();
        Payments = (TestPayments)factory.Services.GetRequiredService<IPayments>();

        var address = factory.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        client = AnswerSchemas.Client(new Uri($"https://localhost:{new Uri(address).Port}"));
    }

    public async ValueTask DisposeAsync()
    {
        client?.Dispose();
        if (factory is not null)
            await factory.DisposeAsync();
        if (issuer is not null)
            await issuer.DisposeAsync();
        await Catalog.DisposeAsync();
    }

    /// <summary>Someone with a role and, unless told otherwise, every orders scope.</summary>
    public Caller As(string role, string? subject = null, params string[] scopes)
    {
        subject ??= $"{role}-{Guid.NewGuid():N}";
        var token = TestTokens.Create(
            "orders", subject, scopes.Length > 0 ? scopes : [Scope.OrdersRead, Scope.OrdersWrite, Scope.OrdersRefund, Scope.OrdersAdmin], [role],
            tweak => tweak.Claims["exp"] = Clock.GetUtcNow().AddDays(1).ToUnixTimeSeconds());
        return new Caller(this, subject, token);
    }

    /// <summary>Somebody of the staff who has just shown a second factor.</summary>
    public Caller Staff(string role, string? subject = null, string acr = Acr.MultiFactor, TimeSpan ago = default)
    {
        subject ??= $"{role}-{Guid.NewGuid():N}";
        var now = Clock.GetUtcNow();
        return new Caller(this, subject, TestTokens.Create("orders", subject, [Scope.OrdersRead, Scope.OrdersRefund, Scope.OrdersAdmin], [role], tweak =>
        {
            tweak.Claims["exp"] = now.AddDays(1).ToUnixTimeSeconds();
            tweak.Claims["acr"] = acr;
            tweak.Claims["auth_time"] = (now - ago).ToUnixTimeSeconds();
        }));
    }

    public Caller Customer() => As(Role.Customer, scopes: [Scope.OrdersRead, Scope.OrdersWrite]);

    /// <summary>Looks into the database, past the API and past row-level security.</summary>
    internal async Task<T> WithDatabaseAsync<T>(Func<OrdersDbContext, Task<T>> look)
    {
        await using var database = new OrdersDbContext(
            new DbContextOptionsBuilder<OrdersDbContext>().UseNpgsql(AdminConnection).UseSnakeCaseNamingConvention().Options);
        return await look(database);
    }

    internal Task<Order> StoredAsync(Guid id) => WithDatabaseAsync(database =>
        database.Orders.Include(order => order.Lines).Include(order => order.Step).AsNoTracking().SingleAsync(order => order.Id == id));

    /// <summary>How often money was taken for an order, and how much of it the provider has yet.</summary>
    internal Task<(int Times, decimal Kept)> ChargedAsync(Guid id) => WithDatabaseAsync(async database =>
    {
        var moves = await database.Set<DevelopmentMovement>().Where(move => move.Payment == id).ToListAsync();
        var taken = moves.Where(move => move.Kind == "captured").ToList();
        return (taken.Count, taken.Sum(move => move.Amount) - moves.Where(move => move.Kind is "refunded" or "cancelled").Sum(move => move.Amount));
    });

    /// <summary>Time goes by and the outbox works, until nothing waits any more.</summary>
    internal async Task SettleAsync()
    {
        for (var round = 0; round < 20 && await WithDatabaseAsync(database => database.Set<OutboxMessage>().AnyAsync(message => message.ParkedAt == null)); round++)
        {
            Clock.Advance(TimeSpan.FromSeconds(61));
            await Outbox.RunOnceAsync(TestContext.Current.CancellationToken);
        }
    }

    /// <summary>A message that nobody tries any more, <see cref="Parked"/>.</summary>
    internal async Task ParkAsync()
    {
        Parked = Guid.CreateVersion7(Clock.GetUtcNow());
        await WithDatabaseAsync(database => database.Database.ExecuteSqlAsync(
            $"insert into orders.outbox_messages (id, kind, subject, created_at, next_attempt_at, attempts, failures, parked_at) values ({Parked}, 'unheard_of', {Guid.NewGuid()}, now(), now(), 3, 3, now())"));
    }

    private static string Secret(byte seed) => Convert.ToBase64String(SHA256.HashData([seed]));
}

/// <summary>One signed-in caller of <see cref="OrdersHost"/>.</summary>
public sealed record Caller(OrdersHost Host, string Subject, string Token)
{
    public Task<HttpResponseMessage> GetAsync(string path) => SendAsync(new HttpRequestMessage(HttpMethod.Get, path));

    public Task<HttpResponseMessage> PlaceAsync(object body, string? key = "") => PlaceAsync(JsonContent.Create(body), key);

    public Task<HttpResponseMessage> PlaceJsonAsync(string json) =>
        PlaceAsync(new StringContent(json, Encoding.UTF8, "application/json"), "");

    public Task<HttpResponseMessage> CancelAsync(Guid id, string? ifMatch = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, $"/{id}/cancel");
        if (ifMatch is not null)
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        return SendAsync(request);
    }

    public Task<HttpResponseMessage> PostAsync(string path, object? body = null, string? key = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = body is null ? null : JsonContent.Create(body) };
        if (key is not null)
            request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        return SendAsync(request);
    }

    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request)
    {
        using (request)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Token);
            return await Host.Client.SendAsync(request, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Places one line and says which order came of it.</summary>
    public async Task<Guid> PlacedAsync(TestProduct product, int quantity = 1)
    {
        using var answer = await PlaceAsync(Body.Of((product, quantity)));
        Assert.Equal(System.Net.HttpStatusCode.Created, answer.StatusCode);
        return (await answer.JsonAsync()).GetProperty("id").GetGuid();
    }

    /// <summary>An empty key stands for a new one, null for none.</summary>
    private Task<HttpResponseMessage> PlaceAsync(HttpContent body, string? key)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/") { Content = body };
        if (key is not null)
            request.Headers.TryAddWithoutValidation("Idempotency-Key", key.Length == 0 ? Guid.NewGuid().ToString() : key);
        return SendAsync(request);
    }
}
