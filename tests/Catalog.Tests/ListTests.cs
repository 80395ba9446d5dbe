using System.Net;
using System.Text.Json.Nodes;

namespace SecureShop.Catalog.Tests;

public sealed class ListTests(CatalogHost host)
{
    [Theory]
    [InlineData("newest")]
    [InlineData("price")]
    [InlineData("price-desc")]
    [InlineData("name")]
    public async Task Pages_neither_repeat_nor_skip_while_rows_are_added_and_removed(string sort)
    {
        var subject = $"{Guid.NewGuid()}";
        using var seller = host.Seller(subject);
        using var guest = host.Guest();
        var ids = new List<string>();

        // Equal prices and names, so that only the id keeps the order total.
        for (var index = 0; index < 12; index++)
            ids.Add((await seller.Add(Sample.Product($"Ruler {index % 3}", price: 5 + (index % 2)))).Id);

        var seen = new List<string>();
        string? after = null;
        do
        {
            var page = (await guest.Get($"/products?seller={subject}&sort={sort}&limit=5{(after is null ? "" : $"&after={after}")}")).Expect(HttpStatusCode.OK);
            seen.AddRange(page.Items.Select(item => (string)item!["id"]!));
            after = page.Next;

            // Before, on and after the place that was reached.
            await seller.Add(Sample.Product("Aaa", price: 1));
            await seller.Add(Sample.Product("Ruler 1", price: 5));
            (await seller.Delete($"/products/{seen[0]}")).Expect(HttpStatusCode.NoContent);
            ids.Remove(seen[0]);
            seen.RemoveAt(0);
        }
        while (after is not null && seen.Count < 200);

        Assert.Equal(seen.Count, seen.Distinct(StringComparer.Ordinal).Count());
        Assert.Empty(ids.Except(seen, StringComparer.Ordinal));
    }

    [Fact]
    public async Task Each_sort_sorts()
    {
        var subject = $"{Guid.NewGuid()}";
        using var seller = host.Seller(subject);
        await seller.Add(Sample.Product("Ash", price: 3));
        await seller.Add(Sample.Product("Cedar", price: 1));
        await seller.Add(Sample.Product("Birch", price: 2));

        Assert.Equal(["Birch", "Cedar", "Ash"], (await seller.Get($"/products?seller={subject}")).Names);
        Assert.Equal(["Cedar", "Birch", "Ash"], (await seller.Get($"/products?seller={subject}&sort=price")).Names);
        Assert.Equal(["Ash", "Birch", "Cedar"], (await seller.Get($"/products?seller={subject}&sort=price-desc")).Names);
        Assert.Equal(["Ash", "Birch", "Cedar"], (await seller.Get($"/products?seller={subject}&sort=name")).Names);
    }

    [Fact]
    public async Task Each_filter_filters()
    {
        var subject = $"{Guid.NewGuid()}";
        using var seller = host.Seller(subject);
        await seller.Add(Sample.Product("Cheap Kettle", price: 10, stock: 0));
        await seller.Add(Sample.Product("Dear Kettle", price: 99.99m));
        var lamp = Sample.Product("Quiet Lamp", price: 50);
        lamp["category"] = "lighting";
        await seller.Add(lamp);

        async Task<IEnumerable<string>> Names(string filter) => (await seller.Get($"/products?seller={subject}&sort=name&{filter}")).Names;
        Assert.Equal(["Cheap Kettle", "Dear Kettle"], await Names("q=kettles"));
        Assert.Equal(["Dear Kettle"], await Names("q=kettle+-cheap"));
        Assert.Equal(["Quiet Lamp"], await Names("category=lighting"));
        Assert.Equal(["Dear Kettle", "Quiet Lamp"], await Names("inStock=true"));
        Assert.Equal(["Cheap Kettle", "Quiet Lamp"], await Names("maxPrice=50"));
        Assert.Equal(["Quiet Lamp"], await Names("minPrice=10.01&maxPrice=99.98"));
        Assert.Empty(await Names("category=nowhere"));
    }

    [Fact]
    public async Task The_seeded_shop_is_listed_to_guests_in_bounded_pages()
    {
        using var guest = host.Guest();
        Assert.Equal(20, (await guest.Get("/products")).Items.Count);
        Assert.Equal(100, (await guest.Get("/products?limit=100")).Items.Count);
        Assert.NotEmpty((await guest.Get("/products?q=oak+desk")).Items);
    }

    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=101", "limit")]
    [InlineData("limit=-1", "limit")]
    [InlineData("limit=1e2", "limit")]
    [InlineData("limit=99999999999999999999", "limit")]
    [InlineData("limit=", "limit")]
    [InlineData("limit=5&limit=6", "limit")]
    [InlineData("sort=id;drop table products", "sort")]
    [InlineData("sort=Price", "sort")]
    [InlineData("minPrice=-1", "minPrice")]
    [InlineData("minPrice=abc", "minPrice")]
    [InlineData("minPrice=NaN", "minPrice")]
    [InlineData("minPrice=1.001", "minPrice")]
    [InlineData("maxPrice=1000000000", "maxPrice")]
    [InlineData("minPrice=5&maxPrice=4", "maxPrice")]
    [InlineData("inStock=1", "inStock")]
    [InlineData("mine=yes", "mine")]
    [InlineData("category=Office", "category")]
    [InlineData("category=../etc", "category")]
    [InlineData("seller='", "seller")]
    [InlineData("q=", "q")]
    [InlineData("q=%00", "q")]
    [InlineData("q=a%00b", "q")]
    [InlineData("q=%E2%80%AE", "q")]
    [InlineData("q=%EF%BF%BE", "q")]
    [InlineData("q=a%F3%A0%81%A1", "q")]
    [InlineData("after=x", "after")]
    [InlineData("after=W10", "after")]
    [InlineData("published=false", "published")]
    [InlineData("maxprice=3", "maxprice")]
    [InlineData("%00=1", "query")]
    [Trait("Practice", "P23")]
    public async Task A_wrong_parameter_is_named(string query, string field)
    {
        using var guest = host.Guest();
        var reply = await guest.Get($"/products?{query}");
        Assert.Equal([field], reply.ExpectProblem(HttpStatusCode.BadRequest).Errors);
    }

    [Fact]
    [Trait("Practice", "P23")]
    public async Task A_long_search_is_refused()
    {
        using var guest = host.Guest();
        (await guest.Get($"/products?q={new string('a', 100)}")).Expect(HttpStatusCode.OK);
        Assert.Equal(["q"], (await guest.Get($"/products?q={new string('a', 101)}")).ExpectProblem(HttpStatusCode.BadRequest).Errors);
    }

    [Theory]
    [InlineData("newest", "", "not-a-guid")]
    [InlineData("price", "abc", "019a8f00-0000-7000-8000-000000000001")]
    [InlineData("price", "-1", "019a8f00-0000-7000-8000-000000000001")]
    [InlineData("price", "1e99", "019a8f00-0000-7000-8000-000000000001")]
    [InlineData("name", "a\u0000b", "019a8f00-0000-7000-8000-000000000001")]
    [InlineData("price'; drop table x", "1", "019a8f00-0000-7000-8000-000000000001")]
    [Trait("Practice", "P23")]
    public async Task A_made_up_cursor_is_refused(string sort, string key, string id)
    {
        var json = new JsonArray(sort, key, id).ToJsonString();
        var cursor = System.Buffers.Text.Base64Url.EncodeToString(System.Text.Encoding.UTF8.GetBytes(json));
        using var guest = host.Guest();
        var by = sort.StartsWith("price", StringComparison.Ordinal) ? "price" : sort;
        Assert.Equal(["after"], (await guest.Get($"/products?sort={by}&after={cursor}")).ExpectProblem(HttpStatusCode.BadRequest).Errors);
    }
}
