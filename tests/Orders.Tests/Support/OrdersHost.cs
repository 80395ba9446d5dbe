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
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SecureShop.Orders.Data;
using SecureShop.Orders.Orders;
using SecureShop.Orders.Progress;
using SecureShop.ServiceDefaults.Access;
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

    internal Reconciler Reconciler => factory!.Services.GetRequiredService<Reconciler>();

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

            // The tests run the reconciler themselves; one test lets it run by itself.
            ["Progress:Interval"] = "1.00:00:00",
            ["Progress:CallTimeout"] = "00:00:02",
        };

        factory = new WebApplicationFactory<OrdersDbContext>().WithWebHostBuilder(host =>
        {
            foreach (var (name, value) in settings)
                host.UseSetting(name, value);
            host.ConfigureLogging(logging => logging.ClearProviders().AddProvider(Events));
            host.ConfigureServices(services => services.AddSingleton<TimeProvider>(Clock));
        });
        factory.UseKestrel(options => options.Listen(System.Net.IPAddress.Loopback, 0, listen => listen.UseHttps(TestCertificate.Leaf)));
        factory.StartServer();

        var address = factory.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        client = TestCertificate.Client(new Uri($"https://localhost:{new Uri(address).Port}"));
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

    public Caller Customer() => As(Role.Customer, scopes: [Scope.OrdersRead, Scope.OrdersWrite]);

    /// <summary>Looks into the database, past the API and past row-level security.</summary>
    internal async Task<T> WithDatabaseAsync<T>(Func<OrdersDbContext, Task<T>> look)
    {
        await using var database = new OrdersDbContext(
            new DbContextOptionsBuilder<OrdersDbContext>().UseNpgsql(AdminConnection).UseSnakeCaseNamingConvention().Options);
        return await look(database);
    }

    internal Task<Order> StoredAsync(Guid id) => WithDatabaseAsync(database =>
        database.Orders.Include(order => order.Lines).AsNoTracking().SingleAsync(order => order.Id == id));
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
