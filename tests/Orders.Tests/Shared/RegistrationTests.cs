using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using SecureShop.Orders.Data;
using SecureShop.ServiceDefaults.Events;
using SecureShop.Storage.Outbox;

namespace SecureShop.Orders.Tests.Shared;

/// <summary>What a service gets by one line: tables as its migrations have made them, and who works on them.</summary>
[Trait("Practice", "P38")]
public sealed class RegistrationTests
{
    [Fact]
    public void The_tables_of_outbox_and_trail_are_what_the_migrations_have_made()
    {
        // Built anew, and not the one of other tests; nobody connects.
        using var database = new OrdersDbContext(new DbContextOptionsBuilder<OrdersDbContext>()
            .UseNpgsql("Host=nowhere").UseSnakeCaseNamingConvention().EnableServiceProviderCaching(false).Options);
        Assert.False(database.Database.HasPendingModelChanges());

        // What no migration shows: of two who hold a message, the slower one learns it.
        var message = database.GetService<IDesignTimeModel>().Model.FindEntityType(typeof(OutboxMessage))!;
        Assert.Equal(["NextAttemptAt"], message.GetProperties().Where(property => property.IsConcurrencyToken).Select(property => property.Name));
    }

    [Fact]
    public async Task An_outbox_has_one_dispatcher_that_is_started_and_the_handler_of_each_kind()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration["Outbox:Lease"] = "00:00:01";
        builder.AddOutbox<OrdersDbContext>();
        builder.Services.AddScoped<Handler>();
        builder.Services.AddOutboxHandler<Handler>("one", "two");
        builder.Services.AddSingleton(TimeProvider.System).AddSingleton<SecurityLog>().AddLogging();

        // Its settings are looked at.
        await using (var wrong = builder.Services.BuildServiceProvider())
            Assert.Throws<OptionsValidationException>(() => wrong.GetRequiredService<OutboxDispatcher<OrdersDbContext>>());

        builder.Configuration["Outbox:Lease"] = "00:01:00";
        await using var services = builder.Services.BuildServiceProvider();
        Assert.Same(services.GetRequiredService<OutboxDispatcher<OrdersDbContext>>(), Assert.Single(services.GetServices<IHostedService>()));
        Assert.NotNull(services.GetService<OutboxMessages>());
        await using var scope = services.CreateAsyncScope();
        foreach (var kind in (string[])["one", "two"])
            Assert.Same(scope.ServiceProvider.GetRequiredService<Handler>(), scope.ServiceProvider.GetRequiredKeyedService<IOutboxHandler>(kind));
        Assert.Null(scope.ServiceProvider.GetKeyedService<IOutboxHandler>("three"));
    }

    private sealed class Handler : IOutboxHandler
    {
        public Task CarryOutAsync(OutboxMessage message, CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
