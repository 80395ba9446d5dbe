using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using SecureShop.Catalog.GuestCache;
using SecureShop.Testing;

namespace SecureShop.Catalog.Tests;

/// <summary>
/// What is kept for guests, over two replicas before one database. An answer that was kept says so by its <c>Age</c>; whether anything is kept
/// depends on what else goes on, so each waits until it has seen that.
/// </summary>
[Trait("Practice", "P38")]
public sealed class GuestCacheTests(CatalogHost host)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_changed_at_one_replica_is_gone_at_the_other()
    {
        await using var replica = host.StartReplica();
        using var owner = host.Seller();
        using var guest = replica.As(null);
        var product = await owner.Add();
        string[] paths = [$"/products/{product.Id}", $"/products?seller={product.Body["sellerId"]}", $"/products?seller={product.Body["sellerId"]}&q=ruler&sort=relevance"];
        foreach (var path in paths)
            await KeptAsync(guest, path);

        // Another price, then a draft, then again for everyone, then none.
        var changed = (await owner.Put($"/products/{product.Id}", Sample.Description(price: 77), product.ETag)).Expect(HttpStatusCode.OK);
        foreach (var path in paths)
            await EventuallyAsync(guest, path, reply => reply.Text.Contains("77.00", StringComparison.Ordinal));
        await KeptAsync(guest, paths[0]);
        var draft = Sample.Description();
        draft["published"] = false;
        var hidden = (await owner.Put($"/products/{product.Id}", draft, changed.ETag)).Expect(HttpStatusCode.OK);
        await EventuallyAsync(guest, paths[0], reply => reply.Status == HttpStatusCode.NotFound);
        await EventuallyAsync(guest, paths[1], reply => reply.Items.Count == 0);
        (await owner.Put($"/products/{product.Id}", Sample.Description(price: 78), hidden.ETag)).Expect(HttpStatusCode.OK);
        await EventuallyAsync(guest, paths[0], reply => reply.Status == HttpStatusCode.OK && reply.Text.Contains("78.00", StringComparison.Ordinal));
        await KeptAsync(guest, paths[0]);
        (await owner.Delete($"/products/{product.Id}")).Expect(HttpStatusCode.NoContent);
        await EventuallyAsync(guest, paths[0], reply => reply.Status == HttpStatusCode.NotFound);
        foreach (var path in paths[1..])
            await EventuallyAsync(guest, path, reply => reply.Items.Count == 0);
    }

    [Fact]
    public async Task At_the_replica_that_made_it_a_change_is_seen_at_once()
    {
        using var owner = host.Seller();
        using var guest = host.Guest();
        var product = await owner.Add();
        var (one, list, tag) = ($"/products/{product.Id}", $"/products?seller={product.Body["sellerId"]}", product.ETag);
        for (var price = 20; price < 30; price++)
        {
            await KeptAsync(guest, one);
            await KeptAsync(guest, list);
            tag = (await owner.Put(one, Sample.Description(price: price), tag)).Expect(HttpStatusCode.OK).ETag;
            Assert.Contains($"{price}.00", (await guest.Get(one)).Text, StringComparison.Ordinal);
            Assert.Contains($"{price}.00", (await guest.Get(list)).Text, StringComparison.Ordinal);
        }

        await KeptAsync(guest, one);
        await KeptAsync(guest, list);
        (await owner.Delete(one)).Expect(HttpStatusCode.NoContent);
        (await guest.Get(one)).ExpectProblem(HttpStatusCode.NotFound);
        Assert.Empty((await guest.Get(list)).Items);
        await owner.Add();
        Assert.Single((await guest.Get(list)).Items);
    }

    [Fact]
    [Trait("Practice", "P17")]
    public async Task Nobody_with_a_credential_is_answered_from_it_nor_fills_it()
    {
        var subject = $"{Guid.NewGuid()}";
        using var owner = host.Seller(subject);
        using var other = host.Seller();
        using var admin = host.Admin();
        using var customer = host.As(TestTokens.Create("catalog", $"{Guid.NewGuid()}", ["catalog.read"], ["customer"]));
        using var service = host.As(TestTokens.Create("catalog", null, ["catalog.read"]));
        using var forged = host.As(ForgedTokens.Create(ForgedTokens.Names.First(), "catalog", subject, ["catalog.read"], ["seller"]));
        using var guest = host.Guest();
        var product = await owner.Add();
        foreach (var path in (string[])[$"/products/{product.Id}", $"/products?seller={subject}"])
        {
            // They ask first: what they see is kept for nobody.
            foreach (var caller in (Caller[])[owner, admin, other, customer, service])
                Assert.Null((await caller.Get(path)).Expect(HttpStatusCode.OK).Headers.Age);
            Assert.Null((await guest.Get(path)).Headers.Age);
            var kept = await KeptAsync(guest, path);
            Assert.DoesNotContain("cost", kept.Text, StringComparison.Ordinal);
            foreach (var caller in (Caller[])[owner, admin, other, customer, service])
                Assert.Null((await caller.Get(path)).Expect(HttpStatusCode.OK).Headers.Age);
            (await forged.Get(path)).ExpectProblem(HttpStatusCode.Unauthorized);
            Assert.Null((await guest.Send(HttpMethod.Get, path, headers: [("Cookie", "session=x")])).Expect(HttpStatusCode.OK).Headers.Age);
            Assert.Null((await guest.Send(HttpMethod.Get, path, headers: [("Authorization", "Basic eDp5")])).Headers.Age);
        }

        Assert.Contains("cost", (await owner.Get($"/products/{product.Id}")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_depends_on_the_stock_is_not_kept()
    {
        using var owner = host.Seller();
        using var guest = host.Guest();
        using var service = host.OrdersService();
        var product = await owner.Add(Sample.Product(stock: 1));
        var list = $"/products?seller={product.Body["sellerId"]}&inStock=true";
        for (var time = 0; time < 3; time++)
        {
            foreach (var path in (string[])[list, $"/products/{product.Id}/stock", "/categories"])
                Assert.Null((await guest.Get(path)).Expect(HttpStatusCode.OK).Headers.Age);
        }

        await KeptAsync(guest, $"/products/{product.Id}");
        (await service.Put($"/reservations/{Guid.NewGuid()}", Sample.Lines((product.Id, 1)))).Expect(HttpStatusCode.OK);
        Assert.Empty((await guest.Get(list)).Items);
        Assert.Equal(0, await guest.Stock(product.Id));

        // And a sale takes nothing out of it.
        await KeptAsync(guest, $"/products/{product.Id}");
    }

    [Fact]
    public async Task The_order_of_parameters_does_not_matter_and_their_values_do()
    {
        using var owner = host.Seller();
        using var guest = host.Guest();
        var seller = (string)(await owner.Add()).Body["sellerId"]!;

        // Each asked the other way round for the first time; what others change meanwhile may come between the two.
        var found = false;
        for (var limit = 1; limit <= 100 && !found; limit++)
        {
            await KeptAsync(guest, $"/products?seller={seller}&sort=price&limit={limit}");
            found = (await guest.Get($"/products?limit={limit}&sort=price&seller={seller}")).Expect(HttpStatusCode.OK).Headers.Age is not null;
            Assert.Null((await guest.Get($"/products?limit={limit}&sort=price-desc&seller={seller}")).Expect(HttpStatusCode.OK).Headers.Age);
        }

        Assert.True(found);

        // A wrong one is refused as often as it is asked.
        for (var time = 0; time < 3; time++)
            (await guest.Get($"/products?seller={seller}&sort=price&limit=5&x=1")).ExpectProblem(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_kept_answer_is_the_answer_and_is_not_sent_to_who_has_it()
    {
        using var owner = host.Seller();
        using var guest = host.Guest();
        var product = await owner.Add();
        var path = $"/products/{product.Id}";
        var fresh = (await guest.Get(path)).Expect(HttpStatusCode.OK);
        var kept = await KeptAsync(guest, path);
        Assert.Equal((fresh.ETag, fresh.Text), (kept.ETag, kept.Text));
        Assert.Equal((fresh.Headers.CacheControl, fresh.ContentHeaders.ContentType), (kept.Headers.CacheControl, kept.ContentHeaders.ContentType));
        Assert.Equal(fresh.Headers.Vary, kept.Headers.Vary);
        var unsent = (await guest.Get(path, fresh.ETag)).Expect(HttpStatusCode.NotModified);
        Assert.Empty(unsent.Text);
        Assert.Equal(fresh.ETag, unsent.ETag);
        (await guest.Get(path, "\"other\"")).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task While_changes_are_not_heard_nothing_is_kept_and_what_was_missed_is_not_shown()
    {
        await using var replica = host.StartReplica();
        using var owner = host.Seller();
        using var guest = replica.As(null);
        var product = await owner.Add();
        var path = $"/products/{product.Id}";
        await KeptAsync(guest, path);

        // Its ear is cut off, and the product changed in the same breath: the change is told to nobody who listens there.
        await using (var connection = new NpgsqlConnection(host.AdminConnection))
        {
            await connection.OpenAsync(Cancelled);
            await using var cut = new NpgsqlCommand(
                "select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1 and datname = current_database()", connection);
            cut.Parameters.Add(new() { Value = ProductChangesListener.ApplicationName });
            await cut.ExecuteNonQueryAsync(Cancelled);
            await using var change = new NpgsqlCommand("update catalog.products set price = 66 where id = $1", connection) { Parameters = { new() { Value = Guid.Parse(product.Id) } } };
            Assert.Equal(1, await change.ExecuteNonQueryAsync(Cancelled));
        }

        await EventuallyAsync(guest, path, reply => reply.Text.Contains("66.00", StringComparison.Ordinal));

        // And it listens again.
        Assert.Contains("66.00", (await KeptAsync(guest, path)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_memory_for_it_or_nobody_who_listens_each_answer_is_read()
    {
        await using var replica = host.StartReplica(("GuestCache:Megabytes", "0"));
        using var owner = host.Seller();
        using var guest = replica.As(null);
        var product = await owner.Add();
        for (var time = 0; time < 5; time++)
            Assert.Null((await guest.Get($"/products/{product.Id}")).Expect(HttpStatusCode.OK).Headers.Age);
        Assert.False(replica.Services.GetRequiredService<ProductChanges>().IsCurrent);
    }

    /// <summary>Asks until the answer is one that was kept.</summary>
    private static Task<Reply> KeptAsync(Caller guest, string path) => EventuallyAsync(guest, path, reply => reply.Headers.Age is not null);

    private static async Task<Reply> EventuallyAsync(Caller guest, string path, Func<Reply, bool> holds)
    {
        // Long before what is kept would go of itself, by its age.
        using var soon = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        soon.CancelAfter(TimeSpan.FromSeconds(90));
        while (true)
        {
            var reply = await guest.Get(path);
            if (holds(reply))
                return reply;
            await Task.Delay(TimeSpan.FromMilliseconds(50), soon.Token);
        }
    }
}
