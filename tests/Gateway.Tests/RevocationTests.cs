using System.Net;
using SecureShop.ServiceDefaults.Access;
using SecureShop.ServiceDefaults.Revocations;

namespace SecureShop.Gateway.Tests;

/// <summary>What has ended is refused by every gateway within two seconds, and nothing else is.</summary>
[Trait("Practice", "P03")]
public sealed class RevocationTests(RevokingShop shop) : IClassFixture<RevokingShop>
{
    private static readonly HttpStatusCode[] Served = [HttpStatusCode.OK, HttpStatusCode.OK];
    private static readonly HttpStatusCode[] Refused = [HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized];

    [Theory]
    [InlineData(RevocationKind.Token, "jti")]
    [InlineData(RevocationKind.Session, "sid")]
    [InlineData(RevocationKind.Family, "oi_au_id")]
    [InlineData(RevocationKind.Family, "grant_id")]
    [InlineData(RevocationKind.Subject, "sub")]
    public async Task What_is_revoked_ends_at_every_gateway_and_what_is_not_lives_on(RevocationKind kind, string claim)
    {
        var (mine, others) = ($"mine-{Guid.NewGuid()}", $"other-{Guid.NewGuid()}");
        var (token, other) = (RevokingShop.Token("mia", (claim, mine)), RevokingShop.Token("mia", (claim, others)));
        Assert.Equal(Served, await shop.AskAsync(token));

        shop.Revoke(kind, mine);
        Assert.InRange(await shop.UntilAsync(HttpStatusCode.Unauthorized, token), TimeSpan.Zero, RevokingShop.Soon);
        Assert.Equal(Served, await shop.AskAsync(other));
        Assert.Equal(Served, await shop.AskAsync(other, HttpMethod.Post));
        Assert.Equal(Refused, await shop.AskAsync(token, HttpMethod.Post));
    }

    [Fact]
    [Trait("Practice", "P32")]
    [Trait("Practice", "P33")]
    public async Task The_refusal_says_that_the_token_is_no_good_and_only_the_event_why()
    {
        var id = Guid.NewGuid().ToString();
        var token = RevokingShop.Token("mia", ("jti", id));
        shop.Revoke(RevocationKind.Token, id);
        await shop.UntilAsync(HttpStatusCode.Unauthorized, token);
        shop.Gateways[0].Events.Clear();
        using var answer = await shop.Gateways[0].GetAsync(RevokingShop.Path, token);
        await ProblemAssert.IsProblemAsync(HttpStatusCode.Unauthorized, answer);
        Assert.Contains("error=\"invalid_token\"", answer.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
        Assert.Equal("token_revoked", Assert.Single(shop.Gateways[0].Events.All, one => one.Id == 1002)["Reason"]);
    }

    [Fact]
    [Trait("Practice", "P02")]
    public async Task A_withdrawn_key_ends_what_it_has_signed_though_the_gateway_still_has_it()
    {
        var subject = Guid.NewGuid().ToString();
        Assert.Equal(Served, await shop.AskAsync(RevokingShop.OtherKeysToken(subject)));
        shop.Revoke(RevocationKind.Key, RevokingShop.OtherKey);
        Assert.InRange(await shop.UntilAsync(HttpStatusCode.Unauthorized, RevokingShop.OtherKeysToken(subject)), TimeSpan.Zero, RevokingShop.Soon);

        // Whoever has the key dates their tokens as they like.
        Assert.Equal(Refused, await shop.AskAsync(RevokingShop.OtherKeysToken(subject)));
        Assert.Equal(Served, await shop.AskAsync(RevokingShop.Token(subject)));
    }

    /// <summary>A change of the password ends all that was granted before; the session that made it goes on, by grants of a moment later.</summary>
    [Fact]
    public async Task Of_a_persons_grants_those_before_end_and_those_after_are_good_in_the_same_second()
    {
        var subject = Guid.NewGuid().ToString();
        var before = Guid.CreateVersion7().ToString();
        var token = RevokingShop.Token(subject, ("oi_au_id", before));
        Assert.Equal(Served, await shop.AskAsync(token));
        shop.Revoke(RevocationKind.Subject, subject);
        var after = Guid.CreateVersion7(TimeProvider.System.GetUtcNow().AddMilliseconds(1)).ToString();
        await shop.UntilAsync(HttpStatusCode.Unauthorized, token);

        Assert.Equal(Served, await shop.AskAsync(RevokingShop.Token(subject, ("oi_au_id", after))));

        // The race: the grant was good when the server looked, and the token says a later second.
        Assert.Equal(Refused, await shop.AskAsync(RevokingShop.Token(subject, ("oi_au_id", before))));
    }

    /// <summary>The gateway does not know whose token is whose key's: all are asked about anew, and one more time by who comes in that second.</summary>
    [Theory]
    [InlineData(RevocationKind.ApiKey, "some key's id")]
    [InlineData(RevocationKind.Subject, "alice")]
    [Trait("Practice", "P05")]
    public async Task What_an_API_key_was_exchanged_for_ends_with_the_key_and_with_its_owners_grants(RevocationKind kind, string value)
    {
        // What other tests end has all keys exchanged anew, which this one counts.
        await using var alone = new RevokingShop();
        await alone.InitializeAsync();
        await using var keys = await KeyShop.StartAsync(alone.Settings);
        var (key, other) = (ApiKeyFormat.Make(), ApiKeyFormat.Make());
        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK], [await AskAsync(key), await AskAsync(other)]);
        keys.Exchange = (one, context) => one == key ? KeyShop.RefuseAsync(context) : KeyShop.GrantAsync(context, subject: "bert");
        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK], [await AskAsync(key), await AskAsync(other)]);

        alone.Revoke(kind, value);
        var began = TimeProvider.System.GetTimestamp();
        while (await AskAsync(key) == HttpStatusCode.OK)
        {
            Assert.InRange(TimeProvider.System.GetElapsedTime(began), TimeSpan.Zero, RevokingShop.Soon);
            await Task.Delay(25, TestContext.Current.CancellationToken);
        }

        Assert.Equal(HttpStatusCode.OK, await AskAsync(other));

        async Task<HttpStatusCode> AskAsync(string one)
        {
            using var answer = await keys.GetAsync(one);
            return answer.StatusCode;
        }
    }

    [Fact]
    public async Task A_gateway_that_starts_later_knows_what_has_ended_before()
    {
        var session = Guid.NewGuid().ToString();
        var token = RevokingShop.Token("mia", ("sid", session));
        shop.Revoke(RevocationKind.Session, session);
        await shop.UntilAsync(HttpStatusCode.Unauthorized, token);
        await using var late = await GatewayHost.StartAsync(settings: shop.Settings);
        using var refused = await late.GetAsync(RevokingShop.Path, token);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        using var served = await late.GetAsync(RevokingShop.Path, RevokingShop.Token("mia"));
        Assert.Equal(HttpStatusCode.OK, served.StatusCode);
    }
}
