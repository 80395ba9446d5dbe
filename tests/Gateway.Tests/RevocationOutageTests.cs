using System.Net;
using SecureShop.ServiceDefaults.Revocations;
using SecureShop.Testing;

namespace SecureShop.Gateway.Tests;

/// <summary>While nobody says what has ended, a token may read and change nothing; and nothing that ended meanwhile is missed.</summary>
[Trait("Practice", "P38")]
public sealed class RevocationOutageTests(RevokingShop shop) : IClassFixture<RevokingShop>
{
    [Fact]
    [Trait("Practice", "P33")]
    public async Task Without_Redis_tokens_read_and_do_not_write_and_what_ends_meanwhile_is_told_when_it_is_back()
    {
        var (known, session) = (Guid.NewGuid().ToString(), Guid.NewGuid().ToString());
        var (dead, token) = (RevokingShop.Token("mia", ("sid", known)), RevokingShop.Token("mia", ("sid", session)));
        shop.Revoke(RevocationKind.Session, known);
        await shop.UntilAsync(HttpStatusCode.Unauthorized, dead);
        await shop.UntilAsync(HttpStatusCode.OK, token, HttpMethod.Post);
        foreach (var gateway in shop.Gateways)
            gateway.Events.Clear();

        shop.Line.Cut();
        await shop.UntilAsync(HttpStatusCode.ServiceUnavailable, token, HttpMethod.Post);
        using (var refused = await shop.Gateways[0].SendAsync(HttpMethod.Delete, "/api/catalog/products/0199c0de-0000-7000-8000-000000000001", CatalogToken()))
        {
            await ProblemAssert.IsProblemAsync(HttpStatusCode.ServiceUnavailable, refused);
            Assert.NotNull(refused.Headers.RetryAfter?.Delta);
            Assert.Empty(refused.Headers.WwwAuthenticate);
        }

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK], await shop.AskAsync(token));
        Assert.Equal([HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized], await shop.AskAsync(dead));
        using (var bad = await shop.Gateways[0].SendAsync(HttpMethod.Post, RevokingShop.Path, "no token"))
            Assert.Equal(HttpStatusCode.Unauthorized, bad.StatusCode);

        shop.Revoke(RevocationKind.Session, session);
        await shop.RestartRedisAsync();
        await shop.UntilAsync(HttpStatusCode.Unauthorized, token);
        await shop.UntilAsync(HttpStatusCode.OK, RevokingShop.Token("mia"), HttpMethod.Post);

        // That Redis has forgotten it does not matter.
        Assert.Equal([HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized], await shop.AskAsync(dead));
        foreach (var gateway in shop.Gateways)
            Assert.Equal([1005, 1006], gateway.Events.All.Where(one => one.Id is 1005 or 1006).Select(one => one.Id));
    }

    [Fact]
    public async Task One_that_starts_without_Redis_has_never_heard_and_takes_nothing_that_changes_something()
    {
        await using var nowhere = new CutLine(1);
        await using var host = await GatewayHost.StartAsync(settings: [.. shop.Settings, ("ConnectionStrings:redis", $"localhost:{nowhere.Port},ssl=true")]);
        using var refused = await host.SendAsync(HttpMethod.Post, RevokingShop.Path, RevokingShop.Token("mia"));
        await ProblemAssert.IsProblemAsync(HttpStatusCode.ServiceUnavailable, refused);
        using var read = await host.GetAsync(RevokingShop.Path, RevokingShop.Token("mia"));
        Assert.Equal(HttpStatusCode.OK, read.StatusCode);
    }

    [Fact]
    public async Task More_than_can_wait_ends_everything_that_there_was()
    {
        var token = RevokingShop.Token("mia");
        await shop.UntilAsync(HttpStatusCode.OK, token, HttpMethod.Post);
        shop.Line.Cut();
        for (var number = 0; number < 11_000; number++)
            shop.Revoke(RevocationKind.Token, $"{Guid.NewGuid()}");
        shop.Line.Mend();
        await shop.UntilAsync(HttpStatusCode.Unauthorized, token);
        var later = TestTokens.Create("orders", "mia", ["orders.read"], ["customer"], made => made.Claims["iat"] = TimeProvider.System.GetUtcNow().AddSeconds(2).ToUnixTimeSeconds());
        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK], await shop.AskAsync(later));
    }

    private static string CatalogToken() => TestTokens.Create("catalog", "mia", ["catalog.write"], ["seller"]);
}
