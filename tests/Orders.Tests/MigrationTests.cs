using Microsoft.EntityFrameworkCore;
using SecureShop.Orders.Data;

namespace SecureShop.Orders.Tests;

public sealed class MigrationTests
{
    [Fact]
    public void The_migrations_say_what_the_model_says()
    {
        using var database = new OrdersDbContext(new DbContextOptionsBuilder<OrdersDbContext>().UseNpgsql().Options);

        Assert.False(database.Database.HasPendingModelChanges());
    }
}
