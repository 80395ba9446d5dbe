using System.Net;
using System.Text.Json;
using SecureShop.Identity.Tests.Support;

namespace SecureShop.Tokens.Tests;

/// <summary>Device Authorization Grant.</summary>
[Trait("Practice", "P01")]
public sealed class Rfc8628Tests(Replicas replicas)
{
    public const string GrantType = "urn:ietf:params:oauth:grant-type:device_code";

    private readonly IdentityHost host = replicas.One;

    [Fact]
    public async Task Section_3_2_a_device_gets_a_code_to_poll_with_and_one_to_show()
    {
        using var client = OAuthClient.Cli(host);
        var answer = await BeginAsync(client);
        Assert.Equal(IdentityHost.Issuer + "/account/device", answer.Text("verification_uri"));
        Assert.StartsWith(answer.Text("verification_uri") + "?", answer.Text("verification_uri_complete"), StringComparison.Ordinal);
        Assert.InRange(answer.GetProperty("expires_in").GetInt32(), 598, 600);
        Assert.InRange(answer.Text("user_code").Length, 8, 20);
        Assert.NotEqual(answer.Text("user_code"), (await BeginAsync(client)).Text("user_code"));
    }

    [Theory]
    [InlineData("mobile", "catalog.read", "unauthorized_client")]
    [InlineData("nobody", "catalog.read", "invalid_client")]
    [InlineData("cli", "orders.admin", "invalid_scope")]
    [InlineData("cli", "no.such", "invalid_scope")]
    public async Task Section_3_1_not_every_client_may_ask_for_everything(string id, string scope, string error)
    {
        using var client = OAuthClient.Cli(host);
        var answer = await client.PostAsync("/connect/deviceauthorization", [("client_id", id), ("scope", scope)]);
        Assert.Contains(answer.Status, (HttpStatusCode[])[HttpStatusCode.BadRequest, HttpStatusCode.Unauthorized]);
        Assert.Equal(error, answer.Error());
    }

    [Fact]
    public async Task Section_3_5_it_waits_until_its_person_approves_and_then_gets_its_tokens_once()
    {
        using var client = OAuthClient.Cli(host);
        using var person = await Person.SomebodyAsync(host);
        var device = await BeginAsync(client);
        (await PollAsync(client, device)).IsRefused("authorization_pending");

        await DecideAsync(person, device, allow: true);
        var tokens = (await PollAsync(client, device)).IsGranted();
        Assert.Equal(person.Subject, tokens.Payload().Text("sub"));
        Assert.Equal("cli", tokens.Payload().Text("client_id"));
        Assert.Equal(HttpStatusCode.OK, (await client.UserInfoAsync(tokens.Text("access_token"))).Status);
        (await PollAsync(client, device)).IsRefused("invalid_grant");
    }

    [Fact]
    public async Task Section_3_5_copies_that_race_get_one_token_at_most()
    {
        using var client = OAuthClient.Cli(host);
        using var elsewhere = client.At(replicas.Two);
        using var person = await Person.SomebodyAsync(host);
        var device = await BeginAsync(client);
        await DecideAsync(person, device, allow: true);
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => PollAsync(i % 2 == 0 ? client : elsewhere, device)));
        Assert.True(answers.Count(answer => answer.Status == HttpStatusCode.OK) <= 1, "A device code gave tokens more than once.");
    }

    [Fact]
    public async Task Section_3_5_one_that_asks_too_often_is_told_to_slow_down_until_its_person_has_answered()
    {
        using var client = OAuthClient.Cli(host);
        using var person = await Person.SomebodyAsync(host);
        var (device, other) = (await BeginAsync(client), await BeginAsync(client));
        (await PollAsync(client, device)).IsRefused("authorization_pending");
        (await PollAsync(client, device)).IsRefused("slow_down");
        (await PollAsync(client, other)).IsRefused("authorization_pending");

        await DecideAsync(person, device, allow: true);
        (await PollAsync(client, device)).IsGranted();
    }

    [Fact]
    public async Task Section_3_5_a_person_can_turn_it_away()
    {
        using var client = OAuthClient.Cli(host);
        using var person = await Person.SomebodyAsync(host);
        var device = await BeginAsync(client);
        await DecideAsync(person, device, allow: false);
        (await PollAsync(client, device)).IsRefused("access_denied");
    }

    [Fact]
    public async Task Section_3_4_a_device_code_is_its_clients_own_and_cannot_be_made_up()
    {
        using var client = OAuthClient.Cli(host);
        using var other = OAuthClient.Mobile(host);
        using var person = await Person.SomebodyAsync(host);
        var device = await BeginAsync(client);
        await DecideAsync(person, device, allow: true);
        Assert.NotEqual(HttpStatusCode.OK, (await PollAsync(other, device)).Status);
        (await client.TokenAsync(("grant_type", GrantType), ("device_code", "made-up"))).IsRefused("invalid_grant");

        // The code that people see is not the one that polls.
        (await client.TokenAsync(("grant_type", GrantType), ("device_code", device.Text("user_code")))).IsRefused("invalid_grant");
        (await PollAsync(client, device)).IsGranted();
    }

    [Fact]
    public async Task Section_3_3_a_code_is_asked_for_signed_in_and_approved_once()
    {
        using var client = OAuthClient.Cli(host);
        using var person = await Person.CreateAsync(host);
        var device = await BeginAsync(client);
        Assert.Equal("/account/login", (await person.Browser.GetAsync("/account/device")).Path());
        await person.SignInAsync();

        // A link alone approves nothing (RFC 8628, 5.4): the page says who asks, and waits for the person.
        var shown = await person.Browser.GetAsync(device.Text("verification_uri_complete").PathAndQuery());
        Assert.Contains("SecureShop command line", shown.Body, StringComparison.Ordinal);
        (await PollAsync(client, device)).IsRefused("authorization_pending");

        await DecideAsync(person, device, allow: true);
        var again = await person.Browser.GetAsync(device.Text("verification_uri_complete").PathAndQuery());
        Assert.DoesNotContain("SecureShop command line", again.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Section_3_3_a_code_may_be_typed_in_other_ways_and_a_wrong_one_is_told()
    {
        using var client = OAuthClient.Cli(host);
        using var person = await Person.SomebodyAsync(host);
        var device = await BeginAsync(client);
        var typed = string.Join(' ', device.Text("user_code").Replace("-", "", StringComparison.Ordinal).ToLowerInvariant().Chunk(3).Select(part => new string(part)));
        Assert.Contains("SecureShop command line", (await TypeAsync(person, typed)).Body, StringComparison.Ordinal);
        Assert.DoesNotContain("SecureShop command line", (await TypeAsync(person, "0000-0000-0000")).Body, StringComparison.Ordinal);
    }

    internal static async Task<JsonElement> BeginAsync(OAuthClient client, string scope = "openid profile offline_access catalog.read")
        => (await client.PostAsync("/connect/deviceauthorization", [("scope", scope)])).IsGranted();

    internal static Task<Answer> PollAsync(OAuthClient client, JsonElement device)
        => client.TokenAsync(("grant_type", GrantType), ("device_code", device.Text("device_code")));

    internal static async Task DecideAsync(Person person, JsonElement device, bool allow)
    {
        var page = device.Text("verification_uri_complete").PathAndQuery();
        var decided = await person.Browser.SubmitAsync(page, ("user_code", device.Text("user_code")), ("answer", allow ? "allow" : "refuse"));
        Assert.True(decided.Status is HttpStatusCode.OK or HttpStatusCode.Found, decided.Body);
    }

    private static Task<Answer> TypeAsync(Person person, string code)
        => person.Browser.GetAsync("/account/device?user_code=" + Uri.EscapeDataString(code));
}
