using System.Net;
using SecureShop.ServiceDefaults.Paging;

namespace SecureShop.Catalog.Tests;

/// <summary>Words find products by the stems of each product's language, without accents, and the best first where that is asked for.</summary>
public sealed class SearchTests(CatalogHost host)
{
    [Theory]
    [InlineData("german", "Zwei schöne Lampen", "Lampe")]
    [InlineData("german", "Zwei schöne Lampen", "schon")]
    [InlineData("french", "Des chevaux élégants", "cheval")]
    [InlineData("french", "Des chevaux élégants", "elegant")]
    [InlineData("spanish", "Sillas de jardín", "silla jardin")]
    [InlineData("italian", "Lampade da tavolo", "lampada")]
    [InlineData("swedish", "Lamporna från Malmö", "lampa malmo")]
    [InlineData("english", "Two chairs", "chair")]
    [InlineData("simple", "Tuolit Ærø", "tuolit aero")]
    public async Task Each_language_has_its_own_stems(string language, string name, string words)
    {
        var subject = $"{Guid.NewGuid()}";
        using var seller = host.Seller(subject);
        var added = await AddAsync(seller, name, language: language);
        await AddAsync(seller, "Something else");
        Assert.Equal(language, (string)added.Body["language"]!);
        Assert.Equal([added.Id], await FindAsync(seller, subject, words));

        // The caller's own are searched in the same way.
        Assert.Equal([added.Id], (await seller.Get($"/products?mine=true&q={Uri.EscapeDataString(words)}")).Items.Select(item => (string)item!["id"]!));
    }

    [Fact]
    public async Task A_word_is_bent_as_the_products_language_bends_it_and_not_as_another_does()
    {
        var subject = $"{Guid.NewGuid()}";
        using var seller = host.Seller(subject);
        await AddAsync(seller, "Zwei Lampen", language: "simple");
        Assert.Empty(await FindAsync(seller, subject, "Lampe"));
        Assert.Single(await FindAsync(seller, subject, "LAMPEN"));
    }

    [Fact]
    public async Task What_is_not_wanted_is_left_out_in_every_language()
    {
        var subject = $"{Guid.NewGuid()}";
        using var seller = host.Seller(subject);
        await AddAsync(seller, "Cats and dogs");
        var cats = await AddAsync(seller, "Cats alone");
        Assert.Equal([cats.Id], await FindAsync(seller, subject, "cats -dogs"));
        Assert.Equal([cats.Id], await FindAsync(seller, subject, "-dogs"));
    }

    [Theory]
    [InlineData("the")]
    [InlineData("die")]
    [InlineData("the of and")]
    [InlineData("!!!")]
    public async Task Words_that_mean_nothing_find_nothing_rather_than_everything(string words)
    {
        var subject = $"{Guid.NewGuid()}";
        using var seller = host.Seller(subject);
        await AddAsync(seller, "Table");
        await AddAsync(seller, "Tisch", language: "german");
        Assert.Empty(await FindAsync(seller, subject, words));
        Assert.Single(await FindAsync(seller, subject, "table"));
    }

    [Theory]
    [InlineData("language=english")]
    [InlineData("category=office")]
    [InlineData("'category=office'")]
    [InlineData("seller")]
    [Trait("Practice", "P22")]
    public async Task What_is_in_the_index_beside_the_words_is_not_found_by_words(string words)
    {
        var subject = $"{Guid.NewGuid()}";
        using var seller = host.Seller(subject);
        await AddAsync(seller, "Table");
        Assert.Empty(await FindAsync(seller, subject, words));
    }

    [Fact]
    public async Task Words_shelf_seller_and_price_all_have_to_fit()
    {
        var subject = $"{Guid.NewGuid()}";
        using var seller = host.Seller(subject);
        using var other = host.Seller();
        var lamp = await AddAsync(seller, "Heron lamp", category: "lighting", price: 20);
        await AddAsync(seller, "Heron lamp", category: "garden", price: 20);
        await AddAsync(seller, "Heron lamp", category: "lighting", price: 90);
        await AddAsync(other, "Heron lamp", category: "lighting", price: 20);
        Assert.Equal([lamp.Id], await FindAsync(seller, subject, "heron", "&category=lighting&maxPrice=50"));
        Assert.Empty(await FindAsync(seller, subject, "heron", "&category=pets"));
        Assert.Empty(await FindAsync(seller, $"{Guid.NewGuid()}", "heron"));
    }

    [Fact]
    public async Task The_best_hit_comes_first_and_pages_neither_repeat_nor_skip()
    {
        var subject = $"{Guid.NewGuid()}";
        using var seller = host.Seller(subject);
        var named = await AddAsync(seller, "Kingfisher");
        var described = await AddAsync(seller, "Bird of wood", description: "It shows a kingfisher.");
        var many = new List<string>();
        for (var index = 0; index < 6; index++)
            many.Add((await AddAsync(seller, "Print", description: "A kingfisher on paper.")).Id);

        var all = (await FindAsync(seller, subject, "kingfisher", "&sort=relevance")).ToList();
        Assert.Equal(named.Id, all[0]);
        Assert.Equal([.. Enumerable.Reverse(many), described.Id], all[1..]);

        var seen = new List<string>();
        string? after = null;
        do
        {
            var page = (await seller.Get($"/products?seller={subject}&q=kingfisher&sort=relevance&limit=3{(after is null ? "" : $"&after={after}")}")).Expect(HttpStatusCode.OK);
            seen.AddRange(page.Items.Select(item => (string)item!["id"]!));
            after = page.Next;
            await AddAsync(seller, "Kingfisher and kingfisher");
        }
        while (after is not null && seen.Count < 50);
        Assert.Equal(all, seen);
    }

    [Theory]
    [InlineData("sort=relevance", "sort")]
    [InlineData("sort=relevance&mine=true&q=lamp", "sort")]
    [InlineData("sort=relevance&q=lamp&after=x", "after")]
    [Trait("Practice", "P23")]
    public async Task Relevance_goes_with_words_and_with_its_own_cursors(string query, string error)
    {
        using var seller = host.Seller();
        Assert.Equal([error], (await seller.Get($"/products?{query}")).ExpectProblem(HttpStatusCode.BadRequest).Errors);
        (await seller.Get("/products?sort=relevance&q=lamp")).Expect(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("1e400")]
    [InlineData("'")]
    [InlineData("")]
    [Trait("Practice", "P23")]
    public async Task A_made_up_rank_is_refused(string rank)
    {
        using var guest = host.Guest();
        var cursor = PageCursor.Encode("relevance", rank, $"{Guid.NewGuid():D}");
        Assert.Equal(["after"], (await guest.Get($"/products?q=lamp&sort=relevance&after={cursor}")).ExpectProblem(HttpStatusCode.BadRequest).Errors);
        (await guest.Get($"/products?q=lamp&sort=relevance&after={PageCursor.Encode("relevance", "0.5", $"{Guid.NewGuid():D}")}")).Expect(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("klingon")]
    [InlineData("English")]
    [InlineData("pg_catalog.english")]
    [InlineData("english'; drop table products")]
    [Trait("Practice", "P22")]
    [Trait("Practice", "P23")]
    public async Task Another_language_is_refused(string language)
    {
        using var seller = host.Seller();
        Assert.Equal(["language"], (await seller.Post("/products", Sample.With("language", language))).ExpectProblem(HttpStatusCode.BadRequest).Errors);
        Assert.Equal("english", (string)(await seller.Add(Sample.Product())).Body["language"]!);
    }

    private static async Task<Reply> AddAsync(
        Caller seller, string name, string description = "Nothing to see.", string language = "english", string category = "office", decimal price = 10)
    {
        var product = Sample.Product(name, price);
        (product["description"], product["language"], product["category"]) = (description, language, category);
        return await seller.Add(product);
    }

    private static async Task<IEnumerable<string>> FindAsync(Caller caller, string seller, string words, string more = "")
        => (await caller.Get($"/products?seller={seller}&q={Uri.EscapeDataString(words)}{more}")).Expect(HttpStatusCode.OK).Items.Select(item => (string)item!["id"]!);
}
