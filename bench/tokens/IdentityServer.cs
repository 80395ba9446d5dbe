using System.Net;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SecureShop.EmbeddedServers;
using SecureShop.Identity.Data;
using SecureShop.Identity.Tests.Support;
using SecureShop.Testing;

namespace SecureShop.Bench.Tokens;

/// <summary>Identity as it ships, with a Postgres that keeps what it is given and a Redis, both over TLS.</summary>
internal sealed class IdentityServer : IAsyncDisposable
{
    public const string Issuer = "https://localhost:7444";

    private readonly TestServers place = new();
    private readonly WebApplicationFactory<ShopUser> factory = new();
    private WebApplicationFactory<ShopUser>? service;
    private PostgresServer? postgres;
    private RedisServer? redis;

    private IdentityServer()
    {
    }

    public Uri Address { get; private set; } = null!;

    public IServiceProvider Services => service!.Services;

    public static async Task<IdentityServer> StartAsync(string secret, ECDsa ordersKey)
    {
        var server = new IdentityServer();
        try
        {
            await server.BeginAsync(secret, ordersKey);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (service is not null)
            await service.DisposeAsync();
        await factory.DisposeAsync();
        if (redis is not null)
            await redis.DisposeAsync();
        if (postgres is not null)
            await postgres.DisposeAsync();
        place.Dispose();
    }

    private async Task BeginAsync(string secret, ECDsa ordersKey)
    {
        var data = new PostgresOptions { DataDirectory = place.Folder("postgres"), Password = place.Password, Certificate = TestCertificate.Files };
        postgres = await PostgresServer.StartAsync(data, static _ => { }, CancellationToken.None);
        redis = await place.StartRedisAsync(CancellationToken.None);
        await using (var context = new IdentityDbContext(
            new DbContextOptionsBuilder<IdentityDbContext>().UseNpgsql(postgres.ConnectionString()).UseSnakeCaseNamingConvention().Options))
            await context.Database.MigrateAsync();

        service = factory.WithWebHostBuilder(host =>
        {
            host.UseEnvironment("Production");
            foreach (var (name, value) in Settings(secret, ordersKey, postgres.ConnectionString(), redis.ConnectionString))
                host.UseSetting(name, value);
        });
        service.UseKestrel(options => options.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(TestCertificate.Leaf)));
        service.StartServer();
        var bound = new Uri(Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        Address = new($"https://localhost:{bound.Port}");
    }

    private static (string Name, string Value)[] Settings(string secret, ECDsa ordersKey, string database, string redis) =>
    [
        ("Identity:Issuer", Issuer),
        ("Identity:KeyCertificates:0", KeyRingCertificate.Make()),
        ("Sealing:MasterKeys:0", Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))),
        ("Sealing:LookupKey", Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))),
        ("Shop:Origin", "https://localhost:7443"),
        ("Audit:Key", TestKeys.Audit),
        ("Clients:OrdersServiceKey", Convert.ToBase64String(ordersKey.ExportSubjectPublicKeyInfo())),
        ("Clients:CatalogServiceKey", Convert.ToBase64String(ordersKey.ExportSubjectPublicKeyInfo())),
        ("Clients:DemoSecret", secret),
        ("ConnectionStrings:identitydb", database),
        ("ConnectionStrings:redis", redis),
        ("Services:TrustedRoots", TestCertificate.RootFile),

        // Nobody is written to.
        ("Mail:Server", "localhost"),
        ("Mail:Port", "1"),
        ("Mail:Security", "StartTls"),
        ("Mail:From", "accounts@shop.example"),
    ];
}
