using System.Net;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using SecureShop.Orders.Data;
using SecureShop.Orders.Tests.Support;
using SecureShop.ServiceDefaults.Events;
using SecureShop.Storage.Data;
using SecureShop.Storage.Sealing;
using SecureShop.Testing;

namespace SecureShop.Orders.Tests.Personal;

/// <summary>Customers' keys in the database: made once, wrapped anew while everything runs, destroyed for good.</summary>
[Trait("Practice", "P21")]
public sealed class DataKeyTests(OrdersHost host, PostgresFixture postgres) : IClassFixture<OrdersHost>
{
    private static readonly SealedField Place = new("order_deliveries", Guid.CreateVersion7(), "Note");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private static string NewMasterKey() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    private static string Somebody() => $"customer-{Guid.NewGuid():N}";

    [Fact]
    public async Task Racing_replicas_make_one_key_for_a_customer_and_another_for_the_next()
    {
        using var one = new Replica(host, host.MasterKey);
        using var two = new Replica(host, host.MasterKey);
        var customer = Somebody();
        Assert.Null(await one.Seals.FindAsync(customer, Cancelled));

        var seals = await Task.WhenAll(Enumerable.Range(0, 8).Select(number => (number % 2 == 0 ? one : two).Seals.MakeAsync(customer, Cancelled)));

        var closed = seals[0]!.Close(Place, "violet harbour");
        Assert.All(seals, seal => Assert.Equal("violet harbour", seal!.Open(Place, closed)));
        using var next = await one.Seals.MakeAsync(Somebody(), Cancelled);
        Assert.Throws<BrokenSealException>(() => next!.Open(Place, closed));
    }

    [Fact]
    public async Task A_new_master_key_takes_over_while_everything_runs_and_the_old_one_can_go()
    {
        var (first, second) = (NewMasterKey(), NewMasterKey());
        await using var fresh = await OwnDatabase.CreateAsync(postgres, host.Services.GetRequiredService<SecurityLog>());
        using var before = fresh.Replica(first);
        var customers = Enumerable.Range(0, 250).Select(_ => Somebody()).ToList();
        var closed = new Dictionary<string, byte[]?>(StringComparer.Ordinal);
        foreach (var customer in customers)
        {
            using var seal = await before.Seals.MakeAsync(customer, Cancelled);
            closed[customer] = seal!.Close(Place, customer);
        }

        // The new one alone would refuse them all: it does not start, and says which one it lacks.
        using var tooEarly = fresh.Replica(second);
        var stopped = await Assert.ThrowsAsync<MissingMasterKeyException>(() => tooEarly.Rewrapping.CheckAsync(Cancelled));
        Assert.Contains(before.Masters.Current, stopped.Message, StringComparison.Ordinal);
        Assert.StartsWith("Set Sealing__MasterKeys__1 ", stopped.Message, StringComparison.Ordinal);

        // New ones are wrapped by it at once.
        using var during = fresh.Replica(second, first);
        Assert.True(await during.Rewrapping.CheckAsync(Cancelled));
        var newcomer = Somebody();
        using (var seal = await during.Seals.MakeAsync(newcomer, Cancelled))
            closed[newcomer] = seal!.Close(Place, newcomer);
        Assert.Equal(during.Masters.Current, await MasterOfAsync(fresh, newcomer));

        // Two replicas share the work and do none of it twice.
        using var beside = fresh.Replica(second, first);
        var done = await Task.WhenAll(during.Rewrapping.RunOnceAsync(Cancelled), beside.Rewrapping.RunOnceAsync(Cancelled));
        Assert.Equal(customers.Count, done.Sum() + await during.Rewrapping.RunOnceAsync(Cancelled));
        Assert.Equal(0, await during.Rewrapping.RunOnceAsync(Cancelled));

        using var after = fresh.Replica(second);
        Assert.True(await after.Rewrapping.CheckAsync(Cancelled));
        foreach (var (customer, value) in closed)
        {
            using var seal = await after.Seals.FindAsync(customer, Cancelled);
            Assert.Equal(customer, seal!.Open(Place, value));
        }
    }

    [Fact]
    [Trait("Practice", "P40")]
    public async Task A_service_that_lacks_a_master_key_in_use_does_not_stay_up_and_one_that_has_it_does()
    {
        var (used, other) = (NewMasterKey(), NewMasterKey());
        await using var fresh = await OwnDatabase.CreateAsync(postgres, host.Services.GetRequiredService<SecurityLog>());
        using (var before = fresh.Replica(used))
        using (await before.Seals.MakeAsync(Somebody(), Cancelled))
        {
        }

        foreach (var (keys, stays) in new[] { ((string[])[other], false), ([other, used], true) })
        {
            var builder = Host.CreateEmptyApplicationBuilder(null);
            builder.Configuration["ConnectionStrings:ordersdb"] = fresh.Connection;
            for (var place = 0; place < keys.Length; place++)
                builder.Configuration[$"Sealing:MasterKeys:{place}"] = keys[place];
            builder.AddShopDatabase<OrdersDbContext>("ordersdb");
            builder.AddSealing<OrdersDbContext>();
            builder.Services.AddSingleton(TimeProvider.System).AddSingleton<SecurityLog>();
            using var service = builder.Build();
            await service.StartAsync(Cancelled);
            var work = service.Services.GetRequiredService<Rewrapping<OrdersDbContext>>().ExecuteTask!;
            if (stays)
            {
                Assert.True(await service.Services.GetRequiredService<Rewrapping<OrdersDbContext>>().CheckAsync(Cancelled));
                Assert.False(work.IsCompleted);
                await service.StopAsync(Cancelled);
                continue;
            }

            await Assert.ThrowsAsync<MissingMasterKeyException>(() => work.WaitAsync(TimeSpan.FromMinutes(2), Cancelled));
            var stopping = new TaskCompletionSource();
            await using var told = service.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(stopping.SetResult);
            await stopping.Task.WaitAsync(TimeSpan.FromMinutes(2), Cancelled);
        }
    }

    [Fact]
    public async Task A_master_key_that_is_not_there_refuses_with_an_event_and_gives_nothing_out()
    {
        var customer = Somebody();
        using var there = new Replica(host, host.MasterKey);
        using (await there.Seals.MakeAsync(customer, Cancelled))
        {
        }

        using var without = new Replica(host, NewMasterKey());
        await Assert.ThrowsAsync<BrokenSealException>(() => without.Seals.FindAsync(customer, Cancelled));
        await Assert.ThrowsAsync<BrokenSealException>(() => without.Seals.MakeAsync(customer, Cancelled));
        var told = host.Events.All.Where(one => one["Subject"] == customer).ToList();
        Assert.Equal([(4081, "seal_master_key"), (4081, "seal_master_key")], told.Select(one => (one.Id, one["Reason"])));
    }

    [Fact]
    public async Task A_key_that_was_swapped_with_anothers_or_changed_does_not_unwrap()
    {
        var (alice, mallory) = (Somebody(), Somebody());
        using (var setting = new Replica(host, host.MasterKey))
        {
            using var one = await setting.Seals.MakeAsync(alice, Cancelled);
            using var two = await setting.Seals.MakeAsync(mallory, Cancelled);
        }

        await host.WithDatabaseAsync(database => database.Database.ExecuteSqlAsync(
            $"update orders.data_keys set wrapped = (select wrapped from orders.data_keys where owner_id = {alice}) where owner_id = {mallory}", Cancelled));
        await host.WithDatabaseAsync(database => database.Database.ExecuteSqlAsync(
            $"update orders.data_keys set wrapped = set_byte(wrapped, 20, get_byte(wrapped, 20) # 1) where owner_id = {alice}", Cancelled));

        using var replica = new Replica(host, host.MasterKey);
        foreach (var customer in (string[])[mallory, alice])
        {
            await Assert.ThrowsAsync<BrokenSealException>(() => replica.Seals.FindAsync(customer, Cancelled));
            Assert.Equal("seal_broken", Assert.Single(host.Events.All, one => one["Subject"] == customer)["Reason"]);
        }
    }

    [Fact]
    [Trait("Practice", "P36")]
    public async Task A_destroyed_key_is_gone_for_good_on_every_replica_within_seconds_and_none_comes_after_it()
    {
        var customer = Somebody();
        var clock = new TestClock();
        clock.Stop();
        using var here = new Replica([host.MasterKey], host, clock);
        using var there = new Replica([host.MasterKey], host, clock);
        byte[]? closed;
        using (var seal = await there.Seals.MakeAsync(customer, Cancelled))
            closed = seal!.Close(Place, "violet harbour");
        using (var seal = await here.Seals.FindAsync(customer, Cancelled))
            Assert.Equal("violet harbour", seal!.Open(Place, closed));

        await here.Seals.DestroyAsync(customer, Cancelled);

        Assert.Null(await here.Seals.FindAsync(customer, Cancelled));
        Assert.Null(await here.Seals.MakeAsync(customer, Cancelled));
        clock.Advance(KeyCache.Lifetime);
        Assert.Null(await there.Seals.FindAsync(customer, Cancelled));
        Assert.Null(await there.Seals.MakeAsync(customer, Cancelled));
        var row = await host.WithDatabaseAsync(database => database.Set<DataKey>().SingleAsync(key => key.OwnerId == customer, Cancelled));
        Assert.True(row is { Wrapped: null, MasterKey: null, DestroyedAt: not null });
        Assert.Contains(host.Events.All, one => one.Id == 4082 && one["Subject"] == customer);

        // Again is harmless, and so is somebody of whom there was nothing.
        await here.Seals.DestroyAsync(customer, Cancelled);
        var nobody = Somebody();
        await here.Seals.DestroyAsync(nobody, Cancelled);
        Assert.Null(await here.Seals.MakeAsync(nobody, Cancelled));
        Assert.Equal(row.DestroyedAt, (await host.WithDatabaseAsync(database => database.Set<DataKey>().AsNoTracking().SingleAsync(key => key.OwnerId == customer, Cancelled))).DestroyedAt);
    }

    [Fact]
    [Trait("Practice", "P36")]
    public async Task Nobody_orders_by_a_token_that_is_left_of_who_was_erased_and_nobody_reads_what_was_sealed()
    {
        var (alice, bob) = (host.Customer(), host.Customer());
        var product = host.Catalog.Add();
        var id = await alice.PlacedAsync(product, Deliveries.Canaries());

        await host.Services.GetRequiredService<PersonalSeals>().DestroyAsync(alice.Subject, Cancelled);

        using var late = await alice.PlaceAsync(Deliveries.Order(product, Deliveries.Canaries()));
        await late.ProblemAsync(HttpStatusCode.Forbidden);
        using var gone = await alice.GetAsync($"/{id}/delivery");
        await gone.ProblemAsync(HttpStatusCode.NotFound);
        using var label = await host.As("seller", product.Seller).GetAsync($"/{id}/shipping-label");
        await label.ProblemAsync(HttpStatusCode.NotFound);
        await bob.PlacedAsync(product, Deliveries.Canaries());
    }

    private static Task<string?> MasterOfAsync(OwnDatabase fresh, string customer) => fresh.WithDatabaseAsync(database
        => database.Set<DataKey>().Where(key => key.OwnerId == customer).Select(key => key.MasterKey).SingleAsync(Cancelled));

    /// <summary>One replica's part in it: its own master keys and its own memory, beside others on one database.</summary>
    private sealed class Replica : IDisposable
    {
        private readonly KeyCache cache;

        public Replica(OrdersHost host, params string[] masterKeys)
            : this(masterKeys, host, host.Clock)
        {
        }

        public Replica(string[] masterKeys, OrdersHost host, TimeProvider clock)
            : this(masterKeys, host.Services.GetRequiredService<IServiceScopeFactory>(), host.Services.GetRequiredService<SecurityLog>(), clock)
        {
        }

        public Replica(string[] masterKeys, IServiceScopeFactory scopes, SecurityLog security, TimeProvider clock)
        {
            Masters = new(Options.Create(new SealingOptions { MasterKeys = masterKeys }));
            cache = new(clock);
            Seals = new PersonalSeals<OrdersDbContext>(scopes, Masters, cache, security, clock);
            Rewrapping = new(scopes, Masters, clock, NullLogger<Rewrapping<OrdersDbContext>>.Instance);
        }

        public MasterKeys Masters { get; }

        public PersonalSeals Seals { get; }

        public Rewrapping<OrdersDbContext> Rewrapping { get; }

        public void Dispose()
        {
            Rewrapping.Dispose();
            cache.Dispose();
            Masters.Dispose();
        }
    }

    /// <summary>A database in which nobody else makes keys.</summary>
    private sealed class OwnDatabase(string connection, ServiceProvider services, SecurityLog security) : IAsyncDisposable
    {
        private readonly IServiceScopeFactory scopes = services.GetRequiredService<IServiceScopeFactory>();

        public static async Task<OwnDatabase> CreateAsync(PostgresFixture postgres, SecurityLog security)
        {
            var connection = await postgres.CreateDatabaseAsync();
            var services = new ServiceCollection().AddDbContext<OrdersDbContext>(options => options.UseNpgsql(connection).UseSnakeCaseNamingConvention()).BuildServiceProvider();
            var created = new OwnDatabase(connection, services, security);
            await created.WithDatabaseAsync(async database =>
            {
                await database.Database.MigrateAsync(Cancelled);
                return true;
            });
            return created;
        }

        public string Connection => connection;

        public Replica Replica(params string[] masterKeys) => new(masterKeys, scopes, security, TimeProvider.System);

        public Task<T> WithDatabaseAsync<T>(Func<OrdersDbContext, Task<T>> look) => scopes.WithDatabaseAsync(look);

        public ValueTask DisposeAsync() => services.DisposeAsync();
    }
}
