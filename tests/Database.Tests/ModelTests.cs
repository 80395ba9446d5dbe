using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace SecureShop.Database.Tests;

public sealed class ModelTests
{
    public static IEnumerable<TheoryDataRow<string>> Names() => Schemas.All.Select(schema => new TheoryDataRow<string>(schema.Name));

    [Theory]
    [MemberData(nameof(Names))]
    public void The_migrations_say_what_the_model_says(string name)
    {
        using var connection = new NpgsqlConnection();
        using var context = Schemas.All.Single(schema => schema.Name == name).OpenContext(connection);

        // Names of keys and indexes included; a convention that gives another one is found here.
        Assert.False(context.Database.HasPendingModelChanges());
    }
}
