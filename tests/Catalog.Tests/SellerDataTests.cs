using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using SecureShop.Storage.PersonalData;

namespace SecureShop.Catalog.Tests;

/// <summary>What sellers ask of the catalog by way of Identity: a copy, and that nothing of theirs is for sale any more.</summary>
[Trait("Practice", "P36")]
public sealed class SellerDataTests(CatalogHost host)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Practice", "P16")]
    public async Task The_copy_has_the_sellers_products_and_sales_and_nothing_of_anothers()
    {
        var subject = $"{Guid.NewGuid()}";
        using var seller = host.Seller(subject);
        using var other = host.Seller();
        using var service = host.OrdersService();
        var mine = await seller.Add(Sample.Product("Brass Ruler", stock: 9));
        var theirs = await other.Add(Sample.Product("Tin Ruler", stock: 9));
        var order = Guid.NewGuid();
        (await service.Put($"/reservations/{order}", Sample.Lines((theirs.Id, 1), (mine.Id, 3)))).Expect(HttpStatusCode.OK);
        (await service.Put($"/reservations/{order}/confirmed", body: null)).Expect(HttpStatusCode.NoContent);

        var answer = await AskedAsync(subject, "export");

        Assert.Equal("done", answer.GetProperty("state").GetString());
        var copy = answer.GetProperty("content");
        Assert.Equal((mine.Id, 6), (Assert.Single(copy.GetProperty("products").EnumerateArray()).GetProperty("id").GetString(), Assert.Single(copy.GetProperty("stock").EnumerateArray()).GetProperty("quantity").GetInt32()));
        Assert.Equal((order, 3), (Assert.Single(copy.GetProperty("sales").EnumerateArray()).GetProperty("orderId").GetGuid(), copy.GetProperty("sales")[0].GetProperty("quantity").GetInt32()));
        Assert.DoesNotContain("Tin Ruler", answer.GetRawText(), StringComparison.Ordinal);
        await InTrailAsync(subject, "PersonalDataExported");
    }

    [Theory]
    [InlineData("export")]
    [InlineData("erase")]
    public async Task Who_sells_nothing_is_answered_too(string kind)
    {
        var answer = await AskedAsync($"{Guid.NewGuid()}", kind);
        Assert.Equal("done", answer.GetProperty("state").GetString());
        if (kind == "export")
            Assert.Empty(answer.GetProperty("content").GetProperty("products").EnumerateArray());
    }

    [Fact]
    public async Task More_than_goes_into_one_file_is_said_to_be_so()
    {
        var subject = $"{Guid.NewGuid()}";
        using var seller = host.Seller(subject);
        for (var number = 0; number < 90; number++)
        {
            var product = Sample.Product($"Lexicon {number}");
            product["description"] = new string('\u597d', 4000);
            await seller.Add(product);
        }

        var answer = await AskedAsync(subject, "export");
        Assert.Equal("too_large", answer.GetProperty("state").GetString());
        Assert.Equal(JsonValueKind.Null, answer.GetProperty("content").ValueKind);
    }

    [Fact]
    [Trait("Practice", "P19")]
    public async Task Erased_is_withdrawn_for_good_and_nothing_of_anothers_is()
    {
        var subject = $"{Guid.NewGuid()}";
        using var seller = host.Seller(subject);
        using var other = host.Seller();
        using var service = host.OrdersService();
        using var guest = host.Guest();
        var mine = await seller.Add(Sample.Product("Copper Ruler", stock: 9));
        var theirs = await other.Add(Sample.Product("Zinc Ruler", stock: 9));
        var (sold, held) = (Guid.NewGuid(), Guid.NewGuid());
        foreach (var order in (Guid[])[sold, held])
            (await service.Put($"/reservations/{order}", Sample.Lines((mine.Id, 2)))).Expect(HttpStatusCode.OK);
        (await service.Put($"/reservations/{sold}/confirmed", body: null)).Expect(HttpStatusCode.NoContent);

        await AskedAsync(subject, "erase");
        await AskedAsync(subject, "erase");

        (await guest.Get($"/products/{mine.Id}")).ExpectProblem(HttpStatusCode.NotFound);
        var left = (await seller.Get($"/products/{mine.Id}")).Expect(HttpStatusCode.OK).Body;
        Assert.False((bool)left["published"]!);
        Assert.Equal(0, (int)(await seller.Get($"/products/{mine.Id}/stock")).Expect(HttpStatusCode.OK).Body["quantity"]!);

        // What was reserved is its customer's, and what comes back is for sale to nobody.
        (await service.Put($"/reservations/{held}/confirmed", body: null)).Expect(HttpStatusCode.NoContent);
        (await service.Delete($"/reservations/{held}")).Expect(HttpStatusCode.NoContent);
        Assert.Equal(HttpStatusCode.Conflict, (await service.Put($"/reservations/{Guid.NewGuid()}", Sample.Lines((mine.Id, 1)))).Status);
        Assert.Single((await seller.Get("/sales")).Items);
        Assert.Equal(9, (int)(await guest.Get($"/products/{theirs.Id}/stock")).Expect(HttpStatusCode.OK).Body["quantity"]!);
        await InTrailAsync(subject, "PersonalDataErased");
    }

    private async Task InTrailAsync(string subject, string name)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        await using var source = NpgsqlDataSource.Create(host.AdminConnection);
        await using var look = source.CreateCommand("select exists (select from catalog.audit_events where subject = $1 and event_name = $2)");
        look.Parameters.Add(new() { Value = subject });
        look.Parameters.Add(new() { Value = name });
        while (await look.ExecuteScalarAsync(limit.Token) is not true)
            await Task.Delay(50, limit.Token);
    }

    private async Task<JsonElement> AskedAsync(string subject, string kind)
    {
        var part = host.Parts.Ask(subject, kind);
        await host.Services.GetRequiredService<PersonalDataWorker>().RunOnceAsync(Cancelled);
        return host.Parts.Answers[part];
    }
}
