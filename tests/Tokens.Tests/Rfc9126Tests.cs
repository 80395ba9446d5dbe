using System.Net;
using SecureShop.Identity.Tests.Support;

namespace SecureShop.Tokens.Tests;

/// <summary>Pushed Authorization Requests: nothing that a browser carries can change what a client has asked for.</summary>
[Trait("Practice", "P01")]
public sealed class Rfc9126Tests(Replicas replicas)
{
    private readonly IdentityHost host = replicas.One;

    [Theory]
    [InlineData("storefront")]
    [InlineData("partner")]
    [InlineData("mobile")]
    public async Task Section_2_2_a_pushed_request_is_named_by_a_reference_that_nobody_guesses(string id)
    {
        using var client = OAuthClient.Of(host, id);
        var answers = await Task.WhenAll(PushAsync(client, new CodeCall(client)), PushAsync(client, new CodeCall(client)));
        foreach (var answer in answers)
        {
            Assert.Equal(HttpStatusCode.Created, answer.Status);
            Assert.StartsWith("urn:ietf:params:oauth:request_uri:", answer.Json().Text("request_uri"), StringComparison.Ordinal);
            Assert.InRange(answer.Json().GetProperty("expires_in").GetInt32(), 5, 599);
            Assert.Contains("no-store", answer.Headers["Cache-Control"], StringComparison.Ordinal);
        }

        Assert.NotEqual(answers[0].Json().Text("request_uri"), answers[1].Json().Text("request_uri"));
    }

    [Fact]
    public async Task Section_2_only_the_client_itself_pushes()
    {
        using var client = OAuthClient.Storefront(host);
        var call = new CodeCall(client);
        (await PushAsync(client, call, ("client_assertion", null), ("client_assertion_type", null))).IsRefused("invalid_client", HttpStatusCode.Unauthorized);
        (await PushAsync(client, call, ("client_assertion", client.Assertion().Write() + "x"))).IsRefused("invalid_client", HttpStatusCode.Unauthorized);
        Assert.Equal(HttpStatusCode.Created, (await PushAsync(client, call)).Status);
    }

    [Theory]
    [InlineData("request_uri", "urn:ietf:params:oauth:request_uri:other")]
    [InlineData("redirect_uri", "https://evil.example/")]
    [InlineData("redirect_uri", null)]
    [InlineData("response_type", "token")]
    [InlineData("scope", "openid catalog.reserve")]
    [InlineData("code_challenge", null)]
    [InlineData("code_challenge_method", "plain")]
    [InlineData("client_id", "partner")]
    public async Task Section_2_1_what_is_wrong_is_refused_before_a_browser_comes(string name, string? value)
    {
        using var client = OAuthClient.Storefront(host);
        var answer = await PushAsync(client, new CodeCall(client).With(name, value));
        Assert.Contains(answer.Status, (HttpStatusCode[])[HttpStatusCode.BadRequest, HttpStatusCode.Unauthorized]);
        Assert.NotEmpty(answer.Error());
    }

    [Theory]
    [InlineData("storefront")]
    [InlineData("partner")]
    public async Task Section_5_these_clients_must_push(string id)
    {
        using var client = OAuthClient.Of(host, id);
        using var person = await Person.SomebodyAsync(host);
        var call = new CodeCall(client);
        var bare = await person.Browser.GetAsync(Microsoft.AspNetCore.WebUtilities.QueryHelpers.AddQueryString("/connect/authorize", call.Parameters));
        Assert.DoesNotContain("code=", bare.Location ?? "", StringComparison.Ordinal);
        Assert.True(bare.Path() == "/error" || bare.Query()["error"] == "invalid_request", bare.Location);
        Assert.NotEmpty(await call.CodeAsync(person));
    }

    [Fact]
    public async Task Section_4_what_stands_beside_the_reference_changes_nothing()
    {
        using var client = OAuthClient.Storefront(host);
        using var person = await Person.SomebodyAsync(host);
        var address = await new CodeCall(client, "openid catalog.read").AddressAsync();
        var answer = await person.Browser.GetAsync(address + "&scope=openid%20orders.write&redirect_uri=https%3A%2F%2Fevil.example&state=other");
        Assert.DoesNotContain("evil.example", answer.Location, StringComparison.Ordinal);
        if (answer.Path() == "/error")
            return;
        Assert.StartsWith(client.RedirectUri, answer.Location, StringComparison.Ordinal);
        Assert.Equal("st&te", answer.Query()["state"]);
    }

    [Fact]
    public async Task Section_4_a_reference_is_the_clients_own()
    {
        using var storefront = OAuthClient.Storefront(host);
        using var person = await Person.SomebodyAsync(host);
        var reference = (await PushAsync(storefront, new CodeCall(storefront))).Json().Text("request_uri");
        foreach (var other in (string[])["partner", "mobile", "nobody"])
        {
            var answer = await person.Browser.GetAsync(CodeCall.Pushed(other, reference));
            Assert.DoesNotContain("code=", answer.Location ?? "", StringComparison.Ordinal);
            Assert.NotEqual("/account/consent", answer.Path());
        }

        Assert.True((await person.Browser.GetAsync(CodeCall.Pushed("storefront", reference))).Query().ContainsKey("code"));
    }

    [Fact]
    public async Task Section_7_3_a_reference_is_used_once_also_by_a_browser_that_goes_back()
    {
        using var client = OAuthClient.Storefront(host);
        using var person = await Person.SomebodyAsync(host);
        var address = await new CodeCall(client).AddressAsync();
        Assert.True((await person.Browser.GetAsync(address)).Query().ContainsKey("code"));
        Assert.DoesNotContain("code=", (await person.Browser.GetAsync(address)).Location, StringComparison.Ordinal);
    }

    /// <summary>The person signs in between: the same reference is looked at several times and is used up by the answer alone.</summary>
    [Fact]
    public async Task Section_4_who_has_to_sign_in_first_comes_back_to_the_same_request()
    {
        using var client = OAuthClient.Storefront(host);
        using var person = await Person.CreateAsync(host);
        var call = new CodeCall(client);
        var login = await call.OpenAsync(person);
        Assert.Equal("/account/login", login.Path());
        var page = await person.Browser.GetAsync(login.Location!);
        Assert.Contains("SecureShop", page.Body, StringComparison.Ordinal);
        var back = await person.Browser.GetAsync((await person.SignInAsync(login.Query()["returnUrl"])).Location!);
        (await call.RedeemAsync(back.Query()["code"])).IsGranted();
    }

    private static Task<Answer> PushAsync(OAuthClient client, CodeCall call, params (string, string?)[] more)
        => client.PushAsync([.. call.Parameters.Select(pair => (pair.Key, pair.Value)), .. more]);
}
