using System.Net;
using Microsoft.EntityFrameworkCore;
using SecureShop.Identity.Tests.Support;

namespace SecureShop.Tokens.Tests;

/// <summary>Refresh tokens: RFC 9700, 4.14 for those that anybody could use, FAPI 2.0 for those that only their client can.</summary>
[Trait("Practice", "P03")]
public sealed class Rfc9700RefreshTests(Replicas replicas)
{
    private readonly IdentityHost host = replicas.One;

    [Fact]
    public async Task Section_4_14_2_an_unbound_one_rotates()
    {
        using var client = OAuthClient.Mobile(host);
        using var person = await Person.SomebodyAsync(host);
        var first = await CodeCall.TokensAsync(client, person);
        var second = (await client.RefreshAsync(first.Text("refresh_token"))).IsGranted();
        var third = (await client.RefreshAsync(second.Text("refresh_token"))).IsGranted();
        Assert.Equal(3, ((string[])[first.Text("refresh_token"), second.Text("refresh_token"), third.Text("refresh_token")]).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(person.Subject, third.Payload().Text("sub"));
        Assert.Equal(first.Payload().Text("sid"), third.Payload().Text("sid"));
        Assert.Equal(first.Payload().GetProperty("auth_time").GetInt64(), third.Payload().GetProperty("auth_time").GetInt64());
    }

    [Fact]
    public async Task Section_4_14_2_one_that_comes_twice_ends_the_family_and_its_access_tokens_and_nobody_elses()
    {
        using var client = OAuthClient.Mobile(host);
        using var api = OAuthClient.OrdersApi(host);
        using var person = await Person.SomebodyAsync(host);
        var first = await CodeCall.TokensAsync(client, person);
        var others = await CodeCall.TokensAsync(client, person);
        var second = (await client.RefreshAsync(first.Text("refresh_token"))).IsGranted();

        (await client.RefreshAsync(first.Text("refresh_token"))).IsRefused("invalid_grant");
        (await client.RefreshAsync(second.Text("refresh_token"))).IsRefused("invalid_grant");
        foreach (var token in (string[])[first.Text("access_token"), second.Text("access_token")])
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await client.UserInfoAsync(token)).Status);
            Assert.False((await api.IntrospectAsync(token)).IsGranted().GetProperty("active").GetBoolean());
        }

        // Another grant of the same person at the same client is another family.
        Assert.Equal(HttpStatusCode.OK, (await client.UserInfoAsync(others.Text("access_token"))).Status);
        (await client.RefreshAsync(others.Text("refresh_token"))).IsGranted();
    }

    [Fact]
    public async Task Section_4_14_2_of_copies_that_race_over_replicas_one_wins_at_most_and_the_family_ends()
    {
        using var client = OAuthClient.Mobile(host);
        using var elsewhere = client.At(replicas.Two);
        using var api = OAuthClient.OrdersApi(host);
        using var person = await Person.SomebodyAsync(host);
        for (var round = 0; round < 3; round++)
        {
            var tokens = await CodeCall.TokensAsync(client, person);
            var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => (i % 2 == 0 ? client : elsewhere).RefreshAsync(tokens.Text("refresh_token"))));
            var winners = answers.Where(answer => answer.Status == HttpStatusCode.OK).Select(answer => answer.Json()).ToList();
            Assert.True(winners.Count <= 1, "A refresh token forked.");
            Assert.All(answers.Where(answer => answer.Status != HttpStatusCode.OK), answer => answer.IsRefused("invalid_grant"));
            foreach (var winner in winners.Append(tokens))
            {
                (await client.RefreshAsync(winner.Text("refresh_token"))).IsRefused("invalid_grant");
                Assert.Equal(HttpStatusCode.Unauthorized, (await client.UserInfoAsync(winner.Text("access_token"))).Status);
                Assert.False((await api.IntrospectAsync(winner.Text("access_token"))).IsGranted().GetProperty("active").GetBoolean());
            }
        }
    }

    /// <summary>A lost answer logs nobody out: the client asks again with what it has.</summary>
    [Theory]
    [InlineData("mobile, bound")]
    [InlineData("storefront")]
    [InlineData("partner")]
    public async Task Section_2_2_2_a_bound_one_stays_good_and_may_come_any_number_of_times(string id)
    {
        using var client = OAuthClient.Of(host, id);
        using var person = await Person.SomebodyAsync(host);
        var token = (await CodeCall.TokensAsync(client, person)).Text("refresh_token");
        for (var use = 0; use < 3; use++)
        {
            var renewed = (await client.RefreshAsync(token)).IsGranted();
            Assert.True(!renewed.TryGetProperty("refresh_token", out var again) || again.GetString() == token, "It was rotated.");
        }

        var racing = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => client.RefreshAsync(token)));
        Assert.All(racing, answer => answer.IsGranted());
    }

    [Theory]
    [InlineData("mobile", "scope", "openid orders.admin")]
    [InlineData("mobile", "scope", "no.such")]
    [InlineData("mobile", "resource", "https://localhost:7443/api/payments")]
    [InlineData("mobile", "client_id", "cli")]
    [InlineData("mobile", "client_secret", "anything")]
    [InlineData("storefront", "client_assertion", "a.b.c")]
    public async Task Section_4_14_2_a_refused_refresh_does_not_burn_the_token(string id, string name, string value)
    {
        using var client = OAuthClient.Of(host, id);
        using var person = await Person.SomebodyAsync(host);
        var token = (await CodeCall.TokensAsync(client, person)).Text("refresh_token");
        Assert.NotEqual(HttpStatusCode.OK, (await client.RefreshAsync(token, (name, value))).Status);
        (await client.RefreshAsync(token)).IsGranted();
    }

    [Fact]
    public async Task Section_4_14_2_a_missing_or_foreign_proof_does_not_burn_it_either()
    {
        using var client = OAuthClient.Mobile(host, new());
        using var thief = OAuthClient.Mobile(host, new());
        using var person = await Person.SomebodyAsync(host);
        var token = (await CodeCall.TokensAsync(client, person)).Text("refresh_token");
        Assert.NotEqual(HttpStatusCode.OK, (await thief.RefreshAsync(token)).Status);
        Assert.NotEqual(HttpStatusCode.OK, (await client.PostAsync("/connect/token", [("grant_type", "refresh_token"), ("refresh_token", token)], proves: false)).Status);
        (await client.RefreshAsync(token)).IsGranted();
    }

    [Theory]
    [InlineData("mobile")]
    [InlineData("mobile, bound")]
    [InlineData("storefront")]
    public async Task Section_4_14_2_a_closed_account_refreshes_nothing(string id)
    {
        using var client = OAuthClient.Of(host, id);
        using var person = await Person.SignedInAsync(host);
        var tokens = await CodeCall.TokensAsync(client, person);
        await person.DisableAsync();
        (await client.RefreshAsync(tokens.Text("refresh_token"))).IsRefused("invalid_grant");
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.UserInfoAsync(tokens.Text("access_token"))).Status);
    }

    [Fact]
    public async Task OpenID_Connect_Core_11_without_offline_access_there_is_none()
    {
        using var client = OAuthClient.Mobile(host);
        using var person = await Person.SomebodyAsync(host);
        Assert.False((await CodeCall.TokensAsync(client, person, "openid catalog.read")).TryGetProperty("refresh_token", out _));
    }

    [Fact]
    [Trait("Practice", "P40")]
    public async Task Section_4_14_no_table_holds_a_code_or_a_token_and_no_line_of_the_log()
    {
        using var client = OAuthClient.Mobile(host);
        using var person = await Person.SomebodyAsync(host);
        var call = new CodeCall(client);
        var code = await call.CodeAsync(person);
        var tokens = (await call.RedeemAsync(code)).IsGranted();
        await using var database = IdentityHost.Context(host.Database);
        var tables = await database.Database.SqlQuery<string>(
            $"select table_name as \"Value\" from information_schema.tables where table_schema = 'identity'").ToListAsync(TestContext.Current.CancellationToken);
        Assert.NotEmpty(tables);
        foreach (var secret in (string[])[code, tokens.Text("refresh_token"), tokens.Text("access_token"), IdentityHost.DemoSecret])
        {
            Assert.DoesNotContain(secret, host.Log.Text, StringComparison.Ordinal);
            foreach (var table in tables)
            {
                var found = System.Runtime.CompilerServices.FormattableStringFactory.Create(
                    $"select count(*)::int as \"Value\" from identity.\"{table}\" as one where position({{0}} in one::text) > 0", secret);
                Assert.Equal(0, await database.Database.SqlQuery<int>(found).SingleAsync(TestContext.Current.CancellationToken));
            }
        }
    }
}
