using System.Net;
using SecureShop.Identity.Tests.Support;

namespace SecureShop.Tokens.Tests;

/// <summary>Token Introspection: an API asks whether a token that was made for it still holds.</summary>
[Trait("Practice", "P03")]
public sealed class Rfc7662Tests(Replicas replicas)
{
    private readonly IdentityHost host = replicas.One;

    [Theory]
    [InlineData("mobile")]
    [InlineData("mobile, bound")]
    [InlineData("storefront")]
    public async Task Section_2_2_an_API_is_told_what_its_token_is_good_for(string id)
    {
        using var client = OAuthClient.Of(host, id);
        using var api = OAuthClient.OrdersApi(host);
        using var person = await Person.SomebodyAsync(host);
        var tokens = await CodeCall.TokensAsync(client, person);
        var token = tokens.Payload();

        var told = (await api.IntrospectAsync(tokens.Text("access_token"))).IsGranted();
        Assert.True(told.GetProperty("active").GetBoolean());
        Assert.Equal(client.Id, told.Text("client_id"));
        Assert.Equal(person.Subject, told.Text("sub"));
        Assert.Equal(IdentityHost.Issuer, told.Text("iss"));
        Assert.Equal(token.GetProperty("exp").GetInt64(), told.GetProperty("exp").GetInt64());
        Assert.Contains("orders", told.List("aud"));
        Assert.Equal(client.Prover is null ? "Bearer" : "DPoP", told.Text("token_type"));
        if (client.Prover is not null)
            Assert.Equal(client.Prover.Thumbprint, told.GetProperty("cnf").Text("jkt"));
    }

    [Fact]
    public async Task Section_2_2_what_is_not_for_it_or_is_no_access_token_is_inactive_without_a_word_more()
    {
        using var client = OAuthClient.Mobile(host);
        using var api = OAuthClient.OrdersApi(host);
        using var person = await Person.SomebodyAsync(host);
        var tokens = await CodeCall.TokensAsync(client, person, "openid offline_access catalog.read");
        var mine = await CodeCall.TokensAsync(client, person);
        foreach (var token in (string[])[tokens.Text("access_token"), mine.Text("id_token"), mine.Text("refresh_token"), "unknown", "a.b.c", mine.Text("access_token")[..^4] + "AAAA"])
        {
            var told = (await api.IntrospectAsync(token)).IsGranted();
            Assert.Equal(["active"], told.Names());
            Assert.False(told.GetProperty("active").GetBoolean());
        }

        Assert.True((await api.IntrospectAsync(mine.Text("access_token"))).IsGranted().GetProperty("active").GetBoolean());
    }

    [Fact]
    public async Task Section_2_1_nobody_but_an_API_is_told_anything()
    {
        using var client = OAuthClient.Mobile(host);
        using var api = OAuthClient.OrdersApi(host);
        using var person = await Person.SomebodyAsync(host);
        var token = (await CodeCall.TokensAsync(client, person)).Text("access_token");
        foreach (var id in (string[])["mobile", "demo", "storefront", "partner", "orders-service"])
        {
            using var asker = OAuthClient.Of(host, id);
            var answer = await asker.IntrospectAsync(token);
            Assert.Contains(answer.Status, (HttpStatusCode[])[HttpStatusCode.BadRequest, HttpStatusCode.Unauthorized]);
            Assert.DoesNotContain("active", answer.Body, StringComparison.Ordinal);
        }

        (await api.IntrospectAsync(token, ("client_assertion", null), ("client_assertion_type", null))).IsRefused("invalid_client", HttpStatusCode.Unauthorized);
    }
}
