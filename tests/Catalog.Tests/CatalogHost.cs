using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using SecureShop.Catalog.Data;
using SecureShop.Database;
using SecureShop.Testing;

[assembly: AssemblyFixture(typeof(SecureShop.Catalog.Tests.CatalogHost))]

namespace SecureShop.Catalog.Tests;

/// <summary>
/// The catalog as it runs: its own Program on Kestrel, a database that the Database job made, logged in as
/// catalog_app, tokens of a test issuer. One for all tests; each works with sellers and products of its own.
/// </summary>
public sealed class CatalogHost : IAsyncLifetime
{
    private const string AppPassword = "a-password-of-the-tests";

    private readonly PostgresFixture _postgres = new();
    private readonly string _clientKey = ClientKeys.Private();
    private TestIssuer? _issuer;
    private Factory? _factory;

    /// <summary>The administrator's connection, for looking behind the API.</summary>
    public string AdminConnection { get; private set; } = "";

    public Uri Address { get; private set; } = new("https://localhost");

    public RecordedEvents Events { get; } = new();

    /// <summary>What people ask of the service.</summary>
    public TestPersonalParts Parts { get; } = new();

    /// <summary>The running catalog's own services, for what no request starts.</summary>
    public IServiceProvider Services => _factory!.Services;

    public async ValueTask InitializeAsync()
    {
        await _postgres.InitializeAsync();
        AdminConnection = await _postgres.CreateDatabaseAsync();
        _issuer = await TestIssuer.StartAsync(app =>
        {
            app.MapPost("/connect/token", () => Results.Json(new { access_token = "a-token-of-the-service", token_type = "Bearer", expires_in = 300 }));
            Parts.MapTo(app);
        });

        var job = new Dictionary<string, string?>(StringComparer.Ordinal) { ["ConnectionStrings:shop"] = AdminConnection };
        foreach (var schema in Schemas.All)
            job[$"Roles:{schema.App}"] = AppPassword;
        var settings = new JobSettings(new ConfigurationBuilder().AddInMemoryCollection(job).Build());
        await new Job(settings, TimeProvider.System, TextWriter.Null).RunAsync(TestContext.Current.CancellationToken);

        _factory = new Factory(Settings(), Events);
        Address = Start(_factory);
    }

    public async ValueTask DisposeAsync()
    {
        if (_factory is not null)
            await _factory.DisposeAsync();
        if (_issuer is not null)
            await _issuer.DisposeAsync();
        await _postgres.DisposeAsync();
    }

    /// <summary>Another replica, before the same database; <paramref name="more"/> settings of its own.</summary>
    public Replica StartReplica(params (string Key, string Value)[] more)
    {
        var settings = Settings();
        foreach (var (key, value) in more)
            settings[key] = value;
        var factory = new Factory(settings, Events);
        return new(factory, Start(factory));
    }

    /// <summary>A caller with <paramref name="token"/>, or a guest; as a proxy says, from <paramref name="address"/>.</summary>
    public Caller As(string? token, string? address = null)
    {
        var client = AnswerSchemas.Client(Address);
        if (address is not null)
            client.DefaultRequestHeaders.Add("X-Forwarded-For", address);
        if (token is not null)
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return new Caller(client);
    }

    public Caller Guest() => As(null);

    /// <summary>A seller nobody else is, with all scopes of the catalog that users get.</summary>
    public Caller Seller(string? subject = null)
        => As(TestTokens.Create("catalog", subject ?? $"{Guid.NewGuid()}", ["catalog.read", "catalog.write"], ["customer", "seller"]));

    public Caller Admin()
        => As(TestTokens.Create("catalog", $"{Guid.NewGuid()}", ["catalog.read", "catalog.write"], ["customer", "admin"]));

    /// <summary>The orders service, which has no subject.</summary>
    public Caller OrdersService() => As(TestTokens.Create("catalog", null, ["catalog.reserve"]));

    private static Uri Start(Factory factory)
    {
        factory.UseKestrel(options => options.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(TestCertificate.Leaf)));
        factory.StartServer();
        using var client = factory.CreateClient();
        return client.BaseAddress!;
    }

    private Dictionary<string, string?> Settings() => new(_issuer!.Settings)
    {
        ["ConnectionStrings:catalogdb"] = new NpgsqlConnectionStringBuilder(AdminConnection)
        {
            Username = "catalog_app",
            Password = AppPassword,
            MaxPoolSize = 20,
        }.ConnectionString,

        // Nothing listens there: the tests also show that the catalog serves without Redis.
        ["ConnectionStrings:redis"] = "127.0.0.1:1,connectTimeout=500",
        ["ServiceClient:Id"] = "catalog-service",
        ["ServiceClient:Key"] = _clientKey,

        // The tests look themselves.
        ["PersonalData:Interval"] = "1.00:00:00",
        ["Images:Hosts:0"] = "images.shop.example",
        ["Shop:Origin"] = "https://localhost:7443",
        ["Logging:LogLevel:Default"] = "Warning",
    };

    /// <summary>A running catalog beside the first.</summary>
    public sealed class Replica(IAsyncDisposable running, Uri address) : IAsyncDisposable
    {
        public IServiceProvider Services => ((Factory)running).Services;

        public Caller As(string? token)
        {
            var client = AnswerSchemas.Client(address);
            if (token is not null)
                client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
            return new(client);
        }

        public ValueTask DisposeAsync() => running.DisposeAsync();
    }

    private sealed class Factory(Dictionary<string, string?> settings, RecordedEvents events) : WebApplicationFactory<CatalogDbContext>
    {
        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            foreach (var (key, value) in settings)
                builder.UseSetting(key, value);
            builder.ConfigureServices(services => services.AddSingleton<ILoggerProvider>(events));
        }
    }
}
