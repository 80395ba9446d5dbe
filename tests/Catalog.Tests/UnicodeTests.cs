using System.Net;
using System.Text;
using Npgsql;

namespace SecureShop.Catalog.Tests;

/// <summary>A search finds what looks the same, however seller and buyer type it.</summary>
public sealed class UnicodeTests(CatalogHost host)
{
    [Theory]
    [InlineData("Caf\u00e9 chair", "cafe\u0301")]
    [InlineData("Cafe\u0301 chair", "caf\u00e9")]
    [InlineData("Lamp", "\uff2c\uff21\uff2d\uff30")]
    [InlineData("\uff2c\uff41\uff4d\uff50", "lamp")]
    [InlineData("\uff83\uff9e\uff7d\uff78 desk", "\u30c7\u30b9\u30af")]
    [InlineData("\ud55c\uae00 book", "\u1112\u1161\u11ab\u1100\u1173\u11af")]
    [InlineData("\ufb01ddle", "fiddle")]
    [InlineData("\u00c9CLAIR", "e\u0301clair")]
    [InlineData("Oak desk", "oak\u3000desk")]
    [InlineData("Oak desk", "\uff02oak desk\uff02")]
    public async Task Names_and_descriptions_are_found_in_every_form(string text, string search)
    {
        var subject = $"{Guid.NewGuid()}";
        using var seller = host.Seller(subject);
        var named = Sample.Product(text);
        named["description"] = "Nothing to see.";
        var described = Sample.Product("Thing");
        described["description"] = text;
        string[] both = [(await seller.Add(named)).Id, (await seller.Add(described)).Id];
        await seller.Add(Sample.Product("Another"));

        var found = (await seller.Get($"/products?seller={subject}&q={Uri.EscapeDataString(search)}")).Expect(HttpStatusCode.OK);
        Assert.Equal(both.Order(StringComparer.Ordinal), found.Items.Select(item => (string)item!["id"]!).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task What_was_stored_before_is_found_too()
    {
        var subject = $"{Guid.NewGuid()}";
        using var seller = host.Seller(subject);
        var product = await seller.Add(Sample.Product("Thing"));
        await using (var connection = new NpgsqlConnection(host.AdminConnection))
        {
            await connection.OpenAsync(TestContext.Current.CancellationToken);
            await using var change = new NpgsqlCommand("update catalog.products set name = $1 where id = $2", connection);
            change.Parameters.AddWithValue("Cafe\u0301 \uff2c\uff41\uff4d\uff50");
            change.Parameters.AddWithValue(Guid.Parse(product.Id));
            Assert.Equal(1, await change.ExecuteNonQueryAsync(TestContext.Current.CancellationToken));
        }

        foreach (var search in (string[])["caf\u00e9", "lamp", "cafe\u0301"])
            Assert.Single((await seller.Get($"/products?seller={subject}&q={Uri.EscapeDataString(search)}")).Items);
    }

    [Fact]
    public async Task Names_are_kept_composed_and_otherwise_as_they_were_written()
    {
        using var seller = host.Seller();
        var product = Sample.Product("  Cafe\u0301 \u00bd m\u00b2 \u2122 \uff21 ");
        product["supplier"] = "Jose\u0301";
        var added = await seller.Add(product);
        Assert.Equal("Caf\u00e9 \u00bd m\u00b2 \u2122 \uff21", (string?)added.Body["name"]);
        Assert.Equal("Jos\u00e9", (string?)added.Body["supplier"]);

        product["description"] = "bru\u0302le\u0301e";
        var changed = (await seller.Put($"/products/{added.Id}", Sample.Described(product), added.ETag)).Expect(HttpStatusCode.OK);
        Assert.Equal("br\u00fbl\u00e9e", (string?)changed.Body["description"]);
    }

    [Theory]
    [InlineData("\ud842\udfb7")]
    [InlineData("\ud83d\ude00")]
    [InlineData("a\u0301")]
    public async Task Characters_are_counted_and_pages_go_on_behind_them(string character)
    {
        var subject = $"{Guid.NewGuid()}";
        using var seller = host.Seller(subject);
        var longest = string.Concat(Enumerable.Repeat(character, 120));
        await seller.Add(Sample.Product(longest));
        await seller.Add(Sample.Product(longest));
        Assert.Equal(["name"], (await seller.Post("/products", Sample.Product(longest + character))).ExpectProblem(HttpStatusCode.BadRequest).Errors.Select(error => error.ToLowerInvariant()));

        var first = (await seller.Get($"/products?seller={subject}&sort=name&limit=1")).Expect(HttpStatusCode.OK);
        var second = (await seller.Get($"/products?seller={subject}&sort=name&limit=1&after={first.Next}")).Expect(HttpStatusCode.OK);
        Assert.Equal(longest.Normalize(NormalizationForm.FormC), Assert.Single(second.Names));
        Assert.Null(second.Next);
    }

    [Theory]
    [InlineData("\u0639\u0644\u06cc\u200c\u0631\u0636\u0627", true)]
    [InlineData("\ud83d\udc69\u200d\ud83d\udcbb", true)]
    [InlineData("\u8fbb\udb40\udd00", true)]
    [InlineData("\u200d\u200c", false)]
    [InlineData("\u3164", false)]
    [InlineData("Lamp\udb40\udc61", false)]
    [InlineData("Lamp\udbc0\udc00", false)]
    [InlineData("Lamp\u202e", false)]
    public async Task A_name_shows_what_it_is(string name, bool good)
    {
        using var seller = host.Seller();
        (await seller.Post("/products", Sample.Product(name))).Expect(good ? HttpStatusCode.Created : HttpStatusCode.BadRequest);
    }
}
