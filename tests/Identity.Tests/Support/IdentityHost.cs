using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SecureShop.Identity.Data;
using SecureShop.ServiceDefaults.Text;
using SecureShop.Storage.Sealing;
using SecureShop.Testing;

namespace SecureShop.Identity.Tests.Support;

/// <summary>The service as it ships, on https, with a real Postgres.</summary>
public sealed class IdentityHost : IAsyncDisposable
{
    public const string Issuer = "https://localhost:7444";
    public const string DemoSecret = "demo-secret-of-this-test-run-only";

    /// <summary>For a host that hashes passwords as the product does.</summary>
    public static readonly (string Name, string? Value) ProductHashes = ("Tests:Hashes", "as the product");

    private readonly WebApplicationFactory<ShopUser> factory;

    private IdentityHost(WebApplicationFactory<ShopUser> factory, Uri address, string database, LogRecorder log, RecordedEvents events)
    {
        Events = events;
        this.factory = factory;
        Address = address;
        Database = database;
        Log = log;
    }

    /// <summary>Signs the orders service's assertions.</summary>
    public static ECDsa OrdersKey { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    /// <summary>Signs the catalog service's.</summary>
    public static ECDsa CatalogKey { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    /// <summary>Wraps the keys of accounts.</summary>
    public static string MasterKey { get; } = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    /// <summary>What addresses are found by.</summary>
    public static string LookupKey { get; } = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    private static ServiceProvider Seals { get; } = new ServiceCollection().AddLogging().AddSingleton(TimeProvider.System).AddSealedRows(
        new ConfigurationBuilder().AddInMemoryCollection([new("Sealing:MasterKeys:0", MasterKey), new("Sealing:LookupKey", LookupKey)]).Build()).BuildServiceProvider();

    /// <summary>Seals the key ring.</summary>
    public static string KeyCertificate { get; } = KeyRingCertificate.Make();

    public Uri Address { get; }

    public string Database { get; }

    public LogRecorder Log { get; }

    public RecordedEvents Events { get; }

    public IServiceProvider Services => factory.Services;

    /// <summary>Starts on a new database, migrated.</summary>
    public static async Task<IdentityHost> StartAsync(PostgresFixture postgres, params (string Name, string? Value)[] settings)
        => await StartOnAsync(await MigratedAsync(postgres), settings);

    /// <summary>Starts one that answers at its issuer's address, as browsers hold passkeys to.</summary>
    public static async Task<IdentityHost> StartAtIssuerAsync(PostgresFixture postgres, TestClock clock, params (string Name, string? Value)[] settings)
    {
        // The port has to be known before the service starts: its socket is bound here, and handed over.
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var port = ((IPEndPoint)socket.LocalEndPoint!).Port;
        return await StartAsync(
            await MigratedAsync(postgres), listen => listen.UseHttps(TestCertificate.Leaf), [.. settings, ("Identity:Issuer", $"https://localhost:{port}")], clock, socket);
    }

    /// <summary>A new database, as the Database job leaves one: the superuser's connection string.</summary>
    public static Task<string> MigratedAsync(PostgresFixture postgres) => ReadyDatabases.CreateAsync(postgres);

    /// <summary>Starts on a database that may have served before.</summary>
    public static Task<IdentityHost> StartOnAsync(string database, params (string Name, string? Value)[] settings)
        => StartOnAsync(database, TimeProvider.System, settings);

    /// <summary>Starts with another clock, which the test moves.</summary>
    public static Task<IdentityHost> StartOnAsync(string database, TimeProvider clock, params (string Name, string? Value)[] settings)
        => StartAsync(database, listen => listen.UseHttps(TestCertificate.Leaf), settings, clock);

    /// <summary>Starts at a time that the test moves.</summary>
    public static Task<IdentityHost> StartAtAsync(string database, TestClock clock, params (string Name, string? Value)[] settings)
        => StartOnAsync(database, clock, settings);

    /// <summary>Starts without TLS, as behind an ingress.</summary>
    public static async Task<IdentityHost> StartPlainAsync(PostgresFixture postgres, params (string Name, string? Value)[] settings)
        => await StartAsync(await MigratedAsync(postgres), _ => { }, settings);

    private static async Task<IdentityHost> StartAsync(
        string database, Action<ListenOptions> listening, (string Name, string? Value)[] settings, TimeProvider? clock = null, Socket? bound = null)
    {
        var mail = (await TestMailbox.SharedAsync()).Settings;
        var log = new LogRecorder();
        var events = new RecordedEvents();
        var failures = new StartFailures();
        var server = new WebApplicationFactory<ShopUser>().WithWebHostBuilder(host =>
        {
            host.UseEnvironment("Development");
            foreach (var (name, value) in Defaults(database).Concat(mail).Concat(settings))
                host.UseSetting(name, value);
            host.ConfigureLogging(logging => logging.ClearProviders().SetMinimumLevel(LogLevel.Information).AddProvider(log).AddProvider(events).AddProvider(failures));
            host.ConfigureServices(services => services.AddSingleton<IStartupFilter, CallerAddress>());

            // At the product's cost these tests would do little else than hash.
            if (!settings.Contains(ProductHashes))
                host.ConfigureServices(services => services.PostConfigure<PasswordHasherOptions>(hashes => hashes.IterationCount = 20_000));
            if (bound is not null)
                host.ConfigureServices(services => services.Configure<SocketTransportOptions>(sockets => sockets.CreateBoundListenSocket = _ => bound));
            if (clock is not null)
                host.ConfigureServices(services => services.AddSingleton(clock));
        });
        server.UseKestrel(options => options.Listen(IPAddress.Loopback, 0, listening));
        failures.Watch(server.StartServer);
        var address = new Uri(server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        return new IdentityHost(server, new Uri($"{address.Scheme}://localhost:{address.Port}"), database, log, events);
    }

    /// <summary>A browser with its own cookies, at a network address of its own unless told which.</summary>
    public Browser Browse(string? from = null, string? agent = null)
        => new(Address, from ?? $"198.51.{RandomNumberGenerator.GetInt32(256)}.{RandomNumberGenerator.GetInt32(256)}", agent);

    /// <summary>Past the service, and past row-level security.</summary>
    public static IdentityDbContext Context(string database)
    {
        var options = new DbContextOptionsBuilder<IdentityDbContext>().UseNpgsql(database).UseSnakeCaseNamingConvention().UseApplicationServiceProvider(Seals);
        options.UseSealedRows();
        return new(options.Options);
    }

    /// <summary>What an address is found by.</summary>
    public static string HashOf(string email) => Seals.GetRequiredService<LookupHash>().Of(EmailAddress.Normalize(email));

    public ValueTask DisposeAsync() => factory.DisposeAsync();

    private static IEnumerable<(string Name, string? Value)> Defaults(string database) =>
    [
        ("Identity:Issuer", Issuer),
        ("Identity:KeyCertificates:0", KeyCertificate),
        ("Sealing:MasterKeys:0", MasterKey),
        ("Sealing:LookupKey", LookupKey),
        ("Audit:Key", TestKeys.Audit),
        ("Shop:Origin", "https://localhost:7443"),
        ("Clients:OrdersServiceKey", Convert.ToBase64String(OrdersKey.ExportSubjectPublicKeyInfo())),
        ("Clients:CatalogServiceKey", Convert.ToBase64String(CatalogKey.ExportSubjectPublicKeyInfo())),
        ("Clients:DemoSecret", DemoSecret),
        ("ConnectionStrings:identitydb", ReadyDatabases.As(database, "identity_app")),

        // No Redis: without TLS nobody even connects.
        ("ConnectionStrings:redis", "127.0.0.1:1"),
    ];

    // Lets a test come from any network address; the service itself believes such a header from trusted proxies alone. Tells what
    // the service took for its own origin.
    private sealed class CallerAddress : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use(async (HttpContext context, RequestDelegate rest) =>
            {
                if (context.Request.Headers.TryGetValue("X-Test-Address", out var address))
                    context.Connection.RemoteIpAddress = IPAddress.Parse(address.ToString());
                context.Response.OnStarting(() =>
                {
                    context.Response.Headers["X-Test-Origin"] = $"{context.Request.Scheme}://{context.Request.Host}";
                    return Task.CompletedTask;
                });
                await rest(context);
            });
            next(app);
        };
    }
}

/// <summary>One host for the tests that change nothing of each other.</summary>
public sealed class SharedHost(PostgresFixture postgres) : IAsyncLifetime
{
    public IdentityHost Host { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Host = await IdentityHost.StartAsync(postgres);

    public ValueTask DisposeAsync() => Host.DisposeAsync();
}

/// <summary>The same with a Redis, which assertions of clients need: nobody else could tell a copy of one.</summary>
public sealed class HostWithRedis(PostgresFixture postgres) : IAsyncLifetime
{
    public IdentityHost Host { get; private set; } = null!;

    public RedisFixture Redis { get; } = new();

    public async ValueTask InitializeAsync()
    {
        await Redis.InitializeAsync();
        Host = await IdentityHost.StartAsync(postgres, Redis.Settings);
    }

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        await Redis.DisposeAsync();
    }
}
