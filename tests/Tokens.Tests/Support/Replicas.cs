using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using SecureShop.Identity.Data;
using SecureShop.Identity.Tests.Support;
using SecureShop.Testing;

namespace SecureShop.Tokens.Tests.Support;

/// <summary>Two running services over one database and one Redis, for all tests that leave the clock alone; each test has people of its own.</summary>
public sealed class Replicas : IAsyncLifetime
{
    private readonly PostgresFixture postgres = new();
    private readonly RedisFixture redis = new();

    /// <summary>What the web shop and the partner prove themselves by.</summary>
    public static ECDsa StorefrontKey { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public static ECDsa PartnerKey { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public const string ShopOrigin = "https://localhost:7443";
    public const string PartnerRedirect = "https://partner.example/callback";

    public IdentityHost One { get; private set; } = null!;

    public IdentityHost Two { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        await Task.WhenAll(postgres.InitializeAsync().AsTask(), redis.InitializeAsync().AsTask());
        var database = await CreateDatabaseAsync();
        var hosts = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(() => StartOnAsync(database, TimeProvider.System))));
        (One, Two) = (hosts[0], hosts[1]);
    }

    public async ValueTask DisposeAsync()
    {
        await One.DisposeAsync();
        await Two.DisposeAsync();
        await redis.DisposeAsync();
        await postgres.DisposeAsync();
    }

    /// <summary>A service of a test's own, on a database of its own.</summary>
    public async Task<IdentityHost> StartAsync(TimeProvider clock, params (string Name, string? Value)[] settings)
        => await StartOnAsync(await CreateDatabaseAsync(), clock, settings);

    public Task<string> CreateDatabaseAsync() => IdentityHost.MigratedAsync(postgres);

    /// <summary>A service on a database that may have served before.</summary>
    public Task<IdentityHost> StartOnAsync(string database, TimeProvider clock, params (string Name, string? Value)[] settings)
        => IdentityHost.StartOnAsync(
            database, clock,
            [
                ("Clients:StorefrontKey", Public(StorefrontKey)), ("Clients:PartnerKey", Public(PartnerKey)), ("Clients:PartnerRedirect", PartnerRedirect),
                .. redis.Settings, .. settings,
            ]);

    private static string Public(ECDsa key) => Convert.ToBase64String(key.ExportSubjectPublicKeyInfo());
}

/// <summary>One service whose clock the tests move. They run one after the other, and each begins with people of its own.</summary>
public sealed class MovedHost(Replicas replicas) : IAsyncLifetime
{
    public TestClock Clock { get; } = new();

    public IdentityHost Host { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Host = await replicas.StartAsync(Clock);

    public ValueTask DisposeAsync() => Host.DisposeAsync();
}

/// <summary>Somebody at a browser.</summary>
internal sealed class Person(IdentityHost host, string email, string subject) : IDisposable
{
    private static readonly ConcurrentDictionary<IdentityHost, Lazy<Task<Person>>> Shared = new();

    public Browser Browser { get; } = host.Browse();

    public string Email => email;

    public string Subject => subject;

    /// <summary>An account that is ready to be used, made in the database.</summary>
    public static async Task<Person> CreateAsync(IdentityHost host, params string[] roles)
    {
        using var acting = DatabaseTask.SignIn.Begin();
        await using var scope = host.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<ShopUser>>();
        var user = new ShopUser
        {
            Id = Guid.CreateVersion7(),
            UserName = $"{Guid.NewGuid():N}@people.example",
            DisplayName = "Test Person",
            EmailConfirmed = true,
            CreatedAt = scope.ServiceProvider.GetRequiredService<TimeProvider>().GetUtcNow(),
        };
        user.Email = user.UserName;
        Assert.True((await users.CreateAsync(user, Browser.Password)).Succeeded);
        foreach (var role in roles.DefaultIfEmpty("customer").Distinct(StringComparer.Ordinal))
            Assert.True((await users.AddToRoleAsync(user, role)).Succeeded);
        return new(host, user.Email, user.Id.ToString());
    }

    /// <summary>
    /// Somebody who is signed in, at a browser of the test's own. The account is that of other tests too, which saves the hashing of a
    /// password: a test that closes it, or ends or renews its session, makes one of its own.
    /// </summary>
    public static async Task<Person> SomebodyAsync(IdentityHost host)
    {
        var shared = await Shared.GetOrAdd(host, key => new(() => SignedInAsync(key))).Value;
        var person = new Person(host, shared.Email, shared.Subject);
        person.Browser.Take(shared.Browser);
        return person;
    }

    /// <summary>Such an account, signed in.</summary>
    public static async Task<Person> SignedInAsync(IdentityHost host, params string[] roles)
    {
        var person = await CreateAsync(host, roles);
        await person.SignInAsync();
        return person;
    }

    public async Task<Answer> SignInAsync(string? returnUrl = null)
    {
        var answer = await Browser.LoginAsync(email, returnUrl: returnUrl);
        Assert.True(answer.Status == HttpStatusCode.Found, answer.Body);
        return answer;
    }

    /// <summary>Closes the account, as an administrator would.</summary>
    public async Task DisableAsync()
    {
        using var acting = DatabaseTask.Administration.Begin();
        await using var scope = host.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<ShopUser>>();
        Assert.True((await users.SetLockoutEndDateAsync((await users.FindByIdAsync(subject))!, DateTimeOffset.MaxValue)).Succeeded);
    }

    public void Dispose() => Browser.Dispose();
}
