using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SecureShop.Catalog.Data;
using SecureShop.Identity.Data;
using SecureShop.Orders.Data;
using SecureShop.ServiceDefaults.Events;
using SecureShop.Storage.Audit;
using SecureShop.Storage.Data;
using SecureShop.Testing;

namespace SecureShop.Database.Tests.Auditing;

/// <summary>What of a service writes its audit trail, logged in as the service's role. Its end writes and signs all that it was told.</summary>
internal sealed class Replica : IAsyncDisposable
{
    private readonly IHost host;
    private readonly int firstId;

    private Replica(IHost host, int firstId) => (this.host, this.firstId) = (host, firstId);

    /// <summary>What the writer says beside the trail.</summary>
    public RecordedEvents Log { get; private init; } = null!;

    public static async Task<Replica> StartAsync(string admin, string schema, string key, string? folder = null)
    {
        var log = new RecordedEvents("SecureShop.Storage.Audit.CheckpointWriter");
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Configuration.AddInMemoryCollection([new("Audit:Key", key), new("Audit:Folder", folder), new("Audit:Interval", "00:00:01")]);
        builder.Services.AddSingleton(TimeProvider.System).AddSingleton<SecurityLog>();
        builder.Logging.AddProvider(log);
        var ownIds = schema switch
        {
            "catalog" => Add<CatalogDbContext>(3000),
            "orders" => Add<OrdersDbContext>(5000),
            _ => Add<IdentityDbContext>(4000),
        };
        var built = builder.Build();
        await built.StartAsync(TestContext.Current.CancellationToken);
        return new(built, ownIds) { Log = log };

        int Add<TContext>(int first)
            where TContext : DbContext
        {
            builder.Configuration["ConnectionStrings:trail"] = Setup.As(admin, $"{schema}_app");
            builder.AddShopDatabase<TContext>("trail");
            builder.AddAudit<TContext>(first, first + 999);
            return first;
        }
    }

    /// <summary>Writes a trail, signs it, and is gone.</summary>
    public static async Task WriteAsync(string admin, string schema, string key, int events, string? folder = null)
    {
        await using var replica = await StartAsync(admin, schema, key, folder);
        for (var number = 0; number < events; number++)
            replica.Record(number);
    }

    /// <summary>Something happened, with every kind of fact that there is or without.</summary>
    public void Record(int number) => host.Services.GetRequiredService<ISecurityEventSink>().Record(
        new(
            new(firstId + (number % 7), number % 3 == 0 ? "SomethingHappened" : "Größeres geschah"),
            number % 2 == 0 ? [] : [new("Reason", "a_reason"), new("Subject", $"somebody-{number}"), new("Status", 400 + number), new("More", $"{{\"quoted\": {number}}}")]),
        context: null);

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync(CancellationToken.None);
        host.Dispose();
    }
}
