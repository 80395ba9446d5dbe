using SecureShop.Identity.Tests.Support;

namespace SecureShop.Tokens.Tests;

/// <summary>Resource Indicators: a token is for the API that it is shown to, and no other.</summary>
[Trait("Practice", "P01")]
public sealed class Rfc8707Tests(Replicas replicas)
{
    private const string Catalog = Replicas.ShopOrigin + "/api/catalog";
    private const string Orders = Replicas.ShopOrigin + "/api/orders";

    private readonly IdentityHost host = replicas.One;

    [Theory]
    [InlineData("mobile")]
    [InlineData("storefront")]
    public async Task Section_2_1_what_the_request_names_is_all_that_its_tokens_are_for(string id)
    {
        using var client = OAuthClient.Of(host, id);
        using var person = await Person.SomebodyAsync(host);
        var tokens = await new CodeCall(client).With("resource", Catalog).TokensAsync(person);
        Assert.Equal(["catalog"], tokens.Payload().List("aud"));
        Assert.DoesNotContain("orders.read", tokens.Payload().Text("scope").Split(' '));
        (await client.RefreshAsync(tokens.Text("refresh_token"), ("resource", Orders))).IsRefused("invalid_target");
    }

    [Fact]
    public async Task Section_2_2_the_token_endpoint_narrows_it_and_the_grant_keeps_the_rest()
    {
        using var client = OAuthClient.Mobile(host);
        using var person = await Person.SomebodyAsync(host);
        var call = new CodeCall(client);
        var tokens = (await call.RedeemAsync(await call.CodeAsync(person), ("resource", Orders))).IsGranted();
        Assert.Equal(["orders"], tokens.Payload().List("aud"));
        Assert.DoesNotContain("catalog.read", tokens.Payload().Text("scope").Split(' '));

        var other = (await client.RefreshAsync(tokens.Text("refresh_token"), ("resource", Catalog))).IsGranted();
        Assert.Equal(["catalog"], other.Payload().List("aud"));
        var both = (await client.RefreshAsync(other.Text("refresh_token"))).IsGranted();
        Assert.Equal(["catalog", "orders"], both.Payload().List("aud").Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("urn:secureshop:api:catalog")]
    [InlineData(Replicas.ShopOrigin + "/api/payments")]
    [InlineData(Replicas.ShopOrigin)]
    [InlineData("https://evil.example/api/catalog")]
    [InlineData("https://localhost:7443.evil.example/api/catalog")]
    [InlineData("http://localhost:7443/api/catalog")]
    [InlineData(Catalog + "/")]
    [InlineData(Catalog + "/products")]
    [InlineData(Catalog + "?")]
    [InlineData("catalog")]
    [InlineData(Catalog + "#")]
    public async Task Section_2_an_unknown_resource_is_refused(string resource)
    {
        using var client = OAuthClient.Mobile(host);
        using var demo = OAuthClient.Demo(host);
        using var person = await Person.SomebodyAsync(host);
        Assert.Contains((await new CodeCall(client).With("resource", resource).AnswerAsync(person))["error"], (string[])["invalid_target", "invalid_request"]);
        Assert.Contains((await demo.TokenAsync(("grant_type", "client_credentials"), ("resource", resource))).Error(), (string[])["invalid_target", "invalid_request"]);
        using var storefront = OAuthClient.Storefront(host);
        Assert.Contains((await storefront.PushAsync([.. new CodeCall(storefront).With("resource", resource).Parameters.Select(pair => (pair.Key, pair.Value))])).Error(), (string[])["invalid_target", "invalid_request"]);
        var granted = await CodeCall.TokensAsync(client, person);
        Assert.Contains((await client.RefreshAsync(granted.Text("refresh_token"), ("resource", resource))).Error(), (string[])["invalid_target", "invalid_request"]);
    }

    [Fact]
    public async Task Section_2_a_client_names_its_own_resources_alone()
    {
        using var demo = OAuthClient.Demo(host);
        Assert.Equal(["catalog"], (await demo.TokenAsync(("grant_type", "client_credentials"), ("resource", Catalog))).IsGranted().Payload().List("aud"));
        Assert.Contains((await demo.TokenAsync(("grant_type", "client_credentials"), ("resource", Orders))).Error(), (string[])["invalid_target", "invalid_request"]);
    }
}
