using System.Net;
using SecureShop.Identity.Tests.Support;

namespace SecureShop.Tokens.Tests;

/// <summary>Token Revocation.</summary>
[Trait("Practice", "P03")]
public sealed class Rfc7009Tests(Replicas replicas)
{
    private readonly IdentityHost host = replicas.One;

    [Theory]
    [InlineData("mobile", null)]
    [InlineData("mobile", "refresh_token")]
    [InlineData("mobile", "access_token")]
    [InlineData("mobile, bound", null)]
    [InlineData("storefront", null)]
    public async Task Section_2_1_a_client_takes_its_grant_back_and_the_access_tokens_die_with_it(string id, string? hint)
    {
        using var client = OAuthClient.Of(host, id);
        using var api = OAuthClient.OrdersApi(host);
        using var person = await Person.SomebodyAsync(host);
        var tokens = await CodeCall.TokensAsync(client, person);
        Assert.Equal(HttpStatusCode.OK, (await client.UserInfoAsync(tokens.Text("access_token"))).Status);

        Assert.Equal(HttpStatusCode.OK, (await client.RevokeAsync(tokens.Text("refresh_token"), ("token_type_hint", hint))).Status);
        (await client.RefreshAsync(tokens.Text("refresh_token"))).IsRefused("invalid_grant");
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.UserInfoAsync(tokens.Text("access_token"))).Status);
        Assert.False((await api.IntrospectAsync(tokens.Text("access_token"))).IsGranted().GetProperty("active").GetBoolean());

        // Done twice is done.
        Assert.Equal(HttpStatusCode.OK, (await client.RevokeAsync(tokens.Text("refresh_token"))).Status);
    }

    [Fact]
    public async Task Section_2_1_an_access_token_alone_can_be_taken_back()
    {
        using var client = OAuthClient.Mobile(host);
        using var api = OAuthClient.OrdersApi(host);
        using var person = await Person.SomebodyAsync(host);
        var tokens = await CodeCall.TokensAsync(client, person);
        Assert.Equal(HttpStatusCode.OK, (await client.RevokeAsync(tokens.Text("access_token"))).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.UserInfoAsync(tokens.Text("access_token"))).Status);
        Assert.False((await api.IntrospectAsync(tokens.Text("access_token"))).IsGranted().GetProperty("active").GetBoolean());
    }

    [Fact]
    public async Task Section_2_1_another_clients_token_lives_on()
    {
        using var client = OAuthClient.Mobile(host);
        using var other = OAuthClient.Partner(host);
        using var person = await Person.SomebodyAsync(host);
        var tokens = await CodeCall.TokensAsync(client, person);
        Assert.Contains((await other.RevokeAsync(tokens.Text("refresh_token"))).Status, (HttpStatusCode[])[HttpStatusCode.OK, HttpStatusCode.BadRequest]);
        Assert.Contains((await other.RevokeAsync(tokens.Text("access_token"))).Status, (HttpStatusCode[])[HttpStatusCode.OK, HttpStatusCode.BadRequest]);
        Assert.Equal(HttpStatusCode.OK, (await client.UserInfoAsync(tokens.Text("access_token"))).Status);
        (await client.RefreshAsync(tokens.Text("refresh_token"))).IsGranted();
    }

    [Fact]
    public async Task Section_2_2_an_unknown_token_is_as_good_as_revoked()
    {
        using var client = OAuthClient.Mobile(host);
        Assert.Equal(HttpStatusCode.OK, (await client.RevokeAsync("unknown")).Status);
        Assert.Equal(HttpStatusCode.OK, (await client.RevokeAsync("unknown", ("token_type_hint", "unknown"))).Status);
    }

    [Theory]
    [InlineData("demo", "wrong", "token", "invalid_client")]
    [InlineData("nobody", null, "token", "invalid_client")]
    [InlineData("storefront", null, "token", "invalid_client")]
    [InlineData("mobile", null, null, "invalid_request")]
    public async Task Section_2_2_1_a_bad_request_is_refused(string id, string? secret, string? token, string error)
    {
        using var client = OAuthClient.Mobile(host);
        var answer = await client.RevokeAsync(token, ("client_id", id), ("client_secret", secret));
        Assert.Contains(answer.Status, (HttpStatusCode[])[HttpStatusCode.BadRequest, HttpStatusCode.Unauthorized]);
        Assert.Equal(error, answer.Error());
    }
}
