using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using SecureShop.Catalog.Products;

namespace SecureShop.Catalog.Tests;

/// <summary>Pictures lie at hosts that the shop names, and nowhere else.</summary>
[Trait("Practice", "P23")]
[Trait("Practice", "P39")]
public sealed class ImageTests(CatalogHost host)
{
    private const string Good = "https://images.shop.example/ruler.webp";

    [Fact]
    public async Task Pictures_are_shown_in_their_order_to_everyone_and_replaced()
    {
        using var seller = host.Seller();
        using var guest = host.Guest();
        string[] images = [$"{Good}?w=800", Good];
        var added = await seller.Add(With(images));
        Assert.Equal(images, Images(added.Body));
        Assert.Equal(images, Images((await guest.Get($"/products/{added.Id}")).Body));
        Assert.Equal(images, Images(Assert.Single((await guest.Get($"/products?seller={(string)added.Body["sellerId"]!}")).Items)!));

        var changed = (await seller.Put($"/products/{added.Id}", Sample.Described(With(Good)), added.ETag)).Expect(HttpStatusCode.OK);
        Assert.Equal([Good], Images(changed.Body));
        Assert.Empty(Images((await seller.Put($"/products/{added.Id}", Sample.Description(), changed.ETag)).Expect(HttpStatusCode.OK).Body));
    }

    [Theory]
    [InlineData("http://images.shop.example/a.webp")]
    [InlineData("https://images.shop.example.evil.example/a.webp")]
    [InlineData("https://evil.example/https://images.shop.example/a.webp")]
    [InlineData("https://sub.images.shop.example/a.webp")]
    [InlineData("https://images.shop.example@evil.example/a.webp")]
    [InlineData("https://user:pass@images.shop.example/a.webp")]
    [InlineData("https://images.shop.example:8443/a.webp")]
    [InlineData("https://images.shop.example./a.webp")]
    [InlineData("https://images.shop.example/a.webp#x")]
    [InlineData("https://images.shop.example\\@evil.example/a.webp")]
    [InlineData("https:/images.shop.example/a.webp")]
    [InlineData("https:images.shop.example/a.webp")]
    [InlineData("//images.shop.example/a.webp")]
    [InlineData("/a.webp")]
    [InlineData("javascript:alert(1)")]
    [InlineData("data:image/png;base64,AAAA")]
    [InlineData("https://169.254.169.254/latest/meta-data")]
    [InlineData("https://[::1]/a.webp")]
    [InlineData("https://images.shop.example/a b.webp")]
    [InlineData("https://images.shop.example/../a.webp")]
    [InlineData(" https://images.shop.example/a.webp")]
    [InlineData("")]
    public async Task An_address_elsewhere_or_written_in_another_way_is_refused(string address)
    {
        using var seller = host.Seller();
        Assert.Equal(["images[1]"], (await seller.Post("/products", With(Good, address))).ExpectProblem(HttpStatusCode.BadRequest).Errors);
        var product = await seller.Add(With(Good));
        Assert.Equal(["images[1]"], (await seller.Put($"/products/{product.Id}", Sample.Described(With(Good, address)), product.ETag)).ExpectProblem(HttpStatusCode.BadRequest).Errors);
        Assert.Equal(product.Text, (await seller.Get($"/products/{product.Id}")).Text);
    }

    [Fact]
    public async Task There_are_eight_at_most_each_once_and_of_a_bounded_length()
    {
        using var seller = host.Seller();
        string[] Many(int count) => [.. Enumerable.Range(0, count).Select(index => $"{Good}?n={index}")];
        string Long(int length) => Good + "?" + new string('x', length - Good.Length - 1);
        await seller.Add(With(Many(8)));
        Assert.Equal(["images"], (await seller.Post("/products", With(Many(9)))).ExpectProblem(HttpStatusCode.BadRequest).Errors);
        Assert.Equal(["images[1]"], (await seller.Post("/products", With(Good, Good))).ExpectProblem(HttpStatusCode.BadRequest).Errors);
        await seller.Add(With(Long(500)));
        Assert.Equal(["images[0]"], (await seller.Post("/products", With(Long(501)))).ExpectProblem(HttpStatusCode.BadRequest).Errors);
        (await seller.Post("/products", Sample.With("images", new JsonArray((JsonNode?)null)))).ExpectProblem(HttpStatusCode.BadRequest);
        (await seller.Post("/products", Sample.With("images", Good))).ExpectProblem(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("images.shop.example", true)]
    [InlineData("Images.shop.example", false)]
    [InlineData("*.shop.example", false)]
    [InlineData("https://images.shop.example", false)]
    [InlineData("images.shop.example:443", false)]
    [InlineData("localhost", false)]
    [InlineData("127.0.0.1", false)]
    [InlineData("", false)]
    public void A_host_that_is_none_stops_the_start(string name, bool good)
    {
        var result = new ImageOptions.Validator().Validate(name: null, new ImageOptions { Hosts = [name] });
        Assert.Equal(good, result.Succeeded);
        Assert.True(good || result.FailureMessage!.StartsWith("Set Images__Hosts__0", StringComparison.Ordinal));
    }

    [Fact]
    public void Without_a_host_no_address_is_allowed()
    {
        var images = new ProductImages(Options.Create(new ImageOptions()));
        Assert.Null(images.Read([Good], out _));
        Assert.Empty(images.Read([], out _)!);
    }

    private static JsonObject With(params string[] addresses) => Sample.With("images", new JsonArray([.. addresses.Select(address => (JsonNode)address)]));

    private static IEnumerable<string> Images(JsonNode product) => product["images"]!.AsArray().Select(image => (string)image!);
}
