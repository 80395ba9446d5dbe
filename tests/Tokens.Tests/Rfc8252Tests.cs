using System.Net;
using SecureShop.Identity.Tests.Support;

namespace SecureShop.Tokens.Tests;

/// <summary>OAuth 2.0 for Native Apps.</summary>
[Trait("Practice", "P01")]
public sealed class Rfc8252Tests(Replicas replicas)
{
    private readonly IdentityHost host = replicas.One;

    [Theory]
    [InlineData("secureshop://callback")]
    [InlineData("http://127.0.0.1/callback")]
    [InlineData("http://127.0.0.1:51004/callback")]
    [InlineData("http://[::1]/callback")]
    [InlineData("http://[::1]:61023/callback")]
    public async Task Section_7_an_app_gets_its_code_at_its_scheme_or_at_any_loopback_port(string address)
    {
        using var client = OAuthClient.Mobile(host);
        using var person = await Person.SomebodyAsync(host);
        var call = new CodeCall(client).With("redirect_uri", address);
        var answer = await CodeCall.ConsentAsync(person, await call.OpenAsync(person));
        Assert.StartsWith(address + "?", answer.Location, StringComparison.Ordinal);
        (await call.RedeemAsync(answer.Query()["code"])).IsGranted();
    }

    [Theory]
    [InlineData("http://localhost:51004/callback")]
    [InlineData("http://127.0.0.2:51004/callback")]
    [InlineData("http://127.0.0.1.evil.example:51004/callback")]
    [InlineData("http://127.0.0.1:51004@evil.example/callback")]
    [InlineData("http://127.0.0.1:51004/callback/")]
    [InlineData("http://127.0.0.1:51004/callback?x=1")]
    [InlineData("http://127.0.0.1:51004/other")]
    [InlineData("https://127.0.0.1:51004/callback")]
    [InlineData("http://192.168.0.1:51004/callback")]
    [InlineData("secureshop://callback:51004")]
    public async Task Section_7_3_nothing_but_the_port_may_differ(string address)
    {
        using var client = OAuthClient.Mobile(host);
        using var person = await Person.SomebodyAsync(host);
        var answer = await new CodeCall(client).With("redirect_uri", address).OpenAsync(person);
        Assert.Equal("/error", answer.Path());
    }

    [Fact]
    public async Task Section_7_3_the_port_at_the_token_endpoint_is_that_of_the_request()
    {
        using var client = OAuthClient.Mobile(host);
        using var person = await Person.SomebodyAsync(host);
        var call = new CodeCall(client).With("redirect_uri", "http://127.0.0.1:51004/callback");
        var answer = await call.RedeemAsync(await call.CodeAsync(person), ("redirect_uri", "http://127.0.0.1:51005/callback"));
        answer.IsRefused("invalid_grant");
    }

    [Theory]
    [InlineData("https://localhost:7444/signin-oidc")]
    [InlineData("https://localhost/signin-oidc")]
    [InlineData("https://127.0.0.1:7443/signin-oidc")]
    public async Task Section_7_3_no_other_kind_of_client_has_a_choice_of_ports(string address)
    {
        using var client = OAuthClient.Storefront(host);
        var call = new CodeCall(client).With("redirect_uri", address);
        var answer = await client.PushAsync([.. call.Parameters.Select(pair => (pair.Key, pair.Value))]);
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
    }

    /// <summary>Any app may claim a custom scheme, so the person is asked, whoever was signed in.</summary>
    [Fact]
    public async Task Section_8_6_an_app_gets_nothing_without_its_person()
    {
        using var client = OAuthClient.Mobile(host);
        using var person = await Person.SomebodyAsync(host);
        var asked = await new CodeCall(client).OpenAsync(person);
        Assert.Equal("/account/consent", asked.Path());
        var refused = await CodeCall.ConsentAsync(person, asked, allow: false);
        Assert.Equal("access_denied", refused.Query()["error"]);
        Assert.Equal("st&te", refused.Query()["state"]);

        // Agreed to once is agreed to for one request.
        Assert.NotEmpty(await new CodeCall(client).CodeAsync(person));
        Assert.Equal("/account/consent", (await new CodeCall(client).OpenAsync(person)).Path());
        Assert.Equal("consent_required", (await new CodeCall(client).With("prompt", "none").AnswerAsync(person))["error"]);
    }
}
