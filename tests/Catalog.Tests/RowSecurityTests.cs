using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using SecureShop.Catalog.Data;
using SecureShop.Catalog.Products;
using SecureShop.Catalog.Reservations;
using SecureShop.ServiceDefaults.Access;

namespace SecureShop.Catalog.Tests;

/// <summary>The service's own context with the code's checks taken away: every product asked for, and changed, in the name of each kind of caller.</summary>
[Trait("Practice", "P13")]
[Trait("Practice", "P14")]
[Trait("Practice", "P16")]
public sealed class RowSecurityTests(CatalogHost host)
{
    private static readonly string[] Seller = [Role.Customer, Role.Seller];
    private static readonly string[] Writes = [Scope.CatalogRead, Scope.CatalogWrite];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_draft_is_seen_by_its_seller_and_administrators_though_all_are_asked_for()
    {
        var (seller, draft) = await DraftAsync();
        Assert.True(await AsAsync(seller, Seller, Writes, SeesAsync(draft)));
        Assert.True(await AsAsync("somebody", [Role.Admin], Writes, SeesAsync(draft)));

        Assert.False(await AsAsync(null, [], [], SeesAsync(draft)));
        Assert.False(await AsAsync("somebody", Seller, Writes, SeesAsync(draft)));
        Assert.False(await AsAsync("somebody", [Role.Support], [.. Scope.All.Except([Scope.CatalogReserve])], SeesAsync(draft)));
        Assert.False(await AsAsync("somebody", ["administrator", "admins", "an admin"], Writes, SeesAsync(draft)));
    }

    [Fact]
    public async Task Nobody_but_its_seller_changes_or_removes_it()
    {
        var (seller, draft) = await DraftAsync();
        foreach (var (subject, roles, scopes) in (IEnumerable<(string?, string[], string[])>)
        [
            (null, [], []),
            ("somebody", Seller, Writes),

            // Their own, with a token that is for reading.
            (seller, Seller, [Scope.CatalogRead]),
        ])
        {
            Assert.Equal(0, await AsAsync(subject, roles, scopes, database => database.Products.Where(product => product.Id == draft)
                .ExecuteUpdateAsync(set => set.SetProperty(product => product.Price, 1m), Cancelled)));
            Assert.Equal(0, await AsAsync(subject, roles, scopes, database => database.Products.Where(product => product.Id == draft).ExecuteDeleteAsync(Cancelled)));
        }

        Assert.Equal(1, await AsAsync(seller, Seller, Writes, database => database.Products.Where(product => product.Id == draft)
            .ExecuteUpdateAsync(set => set.SetProperty(product => product.Price, 2m), Cancelled)));
        Assert.Equal(1, await AsAsync(seller, Seller, Writes, database => database.Products.Where(product => product.Id == draft).ExecuteDeleteAsync(Cancelled)));
    }

    [Fact]
    public async Task Nobody_adds_a_product_in_anothers_name_or_stock_of_orders()
    {
        var (seller, _) = await DraftAsync();
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, await RefusalAsync("somebody", Seller, Writes, NewDraft(seller)));
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, await RefusalAsync(seller, Seller, [Scope.CatalogRead], NewDraft(seller)));
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, await RefusalAsync(seller, [Role.Admin], Writes, new Reservation { OrderId = Guid.NewGuid(), CreatedAt = DateTimeOffset.UnixEpoch, ExpiresAt = DateTimeOffset.UnixEpoch }));
        Assert.Null(await RefusalAsync(null, [], [Scope.CatalogReserve], new Reservation { OrderId = Guid.NewGuid(), CreatedAt = DateTimeOffset.UnixEpoch, ExpiresAt = DateTimeOffset.UnixEpoch }));
    }

    [Fact]
    public async Task Reservations_are_the_orders_services_alone()
    {
        var order = Guid.NewGuid();
        Assert.Null(await RefusalAsync(null, [], [Scope.CatalogReserve], new Reservation { OrderId = order, CreatedAt = DateTimeOffset.UnixEpoch, ExpiresAt = DateTimeOffset.UnixEpoch }));
        Assert.True(await AsAsync(null, [], [Scope.CatalogReserve], SeesReservationAsync));
        Assert.False(await AsAsync("somebody", [Role.Admin, Role.Seller], Writes, SeesReservationAsync));
        Assert.False(await AsAsync(null, [], [], SeesReservationAsync));

        Task<bool> SeesReservationAsync(CatalogDbContext database) => database.Reservations.AnyAsync(reservation => reservation.OrderId == order, Cancelled);
    }

    [Fact]
    [Trait("Practice", "P17")]
    public async Task What_everyone_sees_has_no_private_column()
    {
        // A statement that asks for one finds out at once.
        var failure = await Assert.ThrowsAsync<PostgresException>(
            () => AsAsync("somebody", [Role.Admin], Writes, database => database.Database.SqlQuery<decimal?>($"select cost as \"Value\" from catalog.published_products").ToListAsync(Cancelled)));
        Assert.Equal(PostgresErrorCodes.UndefinedColumn, failure.SqlState);
        Assert.NotEmpty(await AsAsync(null, [], [], database => database.Database.SqlQuery<Guid>($"select id as \"Value\" from catalog.published_products").ToListAsync(Cancelled)));
    }

    private static Func<CatalogDbContext, Task<bool>> SeesAsync(Guid id) => async database =>
        (await database.Products.AsNoTracking().ToListAsync(Cancelled)).Exists(product => product.Id == id)
        || await database.Database.SqlQuery<Guid>($"select id as \"Value\" from catalog.products where id = {id}").AnyAsync(Cancelled);

    private static Product NewDraft(string seller) => new()
    {
        Id = Guid.CreateVersion7(),
        SellerId = seller,
        Name = "Draft",
        Description = "Nobody's business yet.",
        CategoryId = "toys",
        Price = 10,
        Currency = "EUR",
        Cost = 5,
        Published = false,
        CreatedAt = DateTimeOffset.UnixEpoch,
        UpdatedAt = DateTimeOffset.UnixEpoch,
    };

    private async Task<(string Seller, Guid Draft)> DraftAsync()
    {
        var seller = $"{Guid.NewGuid()}";
        var draft = NewDraft(seller);
        Assert.Null(await RefusalAsync(seller, Seller, Writes, draft));
        return (seller, draft.Id);
    }

    /// <summary>With what error Postgres refuses a row; null where it takes it.</summary>
    private async Task<string?> RefusalAsync(string? subject, string[] roles, string[] scopes, object row)
    {
        try
        {
            await AsAsync(subject, roles, scopes, database =>
            {
                database.Add(row);
                return database.SaveChangesAsync(Cancelled);
            });
            return null;
        }
        catch (DbUpdateException refused)
        {
            return Assert.IsType<PostgresException>(refused.InnerException).SqlState;
        }
    }

    private async Task<T> AsAsync<T>(string? subject, string[] roles, string[] scopes, Func<CatalogDbContext, Task<T>> work)
    {
        var claims = roles.Select(role => new Claim("role", role)).Append(new("scope", string.Join(' ', scopes))).ToList();
        if (subject is not null)
            claims.Add(new("sub", subject));

        // In a method that is async, so that it is over with it.
        new HttpContextAccessor().HttpContext = new DefaultHttpContext
        {
            User = new(subject is null && scopes.Length == 0 ? new ClaimsIdentity() : new ClaimsIdentity(claims, "token")),
        };
        await using var scope = host.Services.CreateAsyncScope();
        return await work(scope.ServiceProvider.GetRequiredService<CatalogDbContext>());
    }
}
