using System.Net;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SecureShop.Identity.Administration;
using SecureShop.Identity.ApiKeys;
using SecureShop.Identity.Data;
using SecureShop.Identity.Keys;
using SecureShop.Identity.Sessions;
using SecureShop.Identity.Tests.Support;
using SecureShop.ServiceDefaults.Redis;
using SecureShop.Testing;

namespace SecureShop.Tokens.Tests;

/// <summary>Whatever ends a grant tells the gateways so, by what its access tokens say of themselves; on either engine.</summary>
[Trait("Practice", "P03")]
public sealed class RevocationTests(Replicas replicas)
{
    private readonly IdentityHost host = replicas.One;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("mobile")]
    [InlineData("mobile, bound")]
    [InlineData("storefront")]
    public async Task Rfc_7009_a_refresh_token_that_is_given_back_ends_its_grant(string id)
    {
        using var client = OAuthClient.Of(host, id);
        using var person = await Person.SomebodyAsync(host);
        var (tokens, others) = (await CodeCall.TokensAsync(client, person), await CodeCall.TokensAsync(client, person));
        Assert.Equal(HttpStatusCode.OK, (await client.RevokeAsync(tokens.Text("refresh_token"))).Status);
        await ToldAsync(host, $"|Family|*|{FamilyOf(tokens)}");
        Assert.DoesNotContain(await FeedAsync(host), told => told.EndsWith(FamilyOf(others), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Rfc_7009_an_access_token_that_is_given_back_ends_at_least_itself()
    {
        using var client = OAuthClient.Mobile(host);
        using var person = await Person.SomebodyAsync(host);
        var tokens = await CodeCall.TokensAsync(client, person);
        Assert.Equal(HttpStatusCode.OK, (await client.RevokeAsync(tokens.Text("access_token"))).Status);
        await ToldAsync(host, $"|Token|*|{tokens.Payload().Text("jti")}", $"|Family|*|{FamilyOf(tokens)}");
    }

    [Fact]
    public async Task A_refresh_token_that_comes_twice_ends_its_grant()
    {
        using var client = OAuthClient.Mobile(host);
        using var person = await Person.SomebodyAsync(host);
        var tokens = await CodeCall.TokensAsync(client, person);
        (await client.RefreshAsync(tokens.Text("refresh_token"))).IsGranted();
        (await client.RefreshAsync(tokens.Text("refresh_token"))).IsRefused("invalid_grant");
        await ToldAsync(host, $"|Family|*|{FamilyOf(tokens)}");
    }

    [Fact]
    public async Task A_code_that_comes_twice_ends_its_grant()
    {
        using var client = OAuthClient.Mobile(host);
        using var person = await Person.SomebodyAsync(host);
        var call = new CodeCall(client);
        var code = await call.CodeAsync(person);
        var tokens = (await call.RedeemAsync(code)).IsGranted();
        (await call.RedeemAsync(code)).IsRefused("invalid_grant");
        await ToldAsync(host, $"|Family|*|{FamilyOf(tokens)}");
    }

    [Fact]
    [Trait("Practice", "P43")]
    public async Task Sign_out_ends_the_session()
    {
        using var client = OAuthClient.Mobile(host);
        using var person = await Person.SignedInAsync(host);
        var session = (await CodeCall.TokensAsync(client, person)).Payload().Text("sid");
        await person.Browser.SubmitAsync("/account/logout");
        await ToldAsync(host, $"|Session|*|{session}");
    }

    [Fact]
    [Trait("Practice", "P43")]
    public async Task The_end_of_all_others_ends_what_was_granted_in_the_persons_name_and_grants_of_a_moment_later_are_younger()
    {
        using var client = OAuthClient.Mobile(host);
        using var person = await Person.SignedInAsync(host);
        var before = await CodeCall.TokensAsync(client, person);
        using (DatabaseTask.SignIn.Begin())
        await using (var scope = host.Services.CreateAsyncScope())
            await scope.ServiceProvider.GetRequiredService<ShopSessions>().EndOthersAsync(Guid.Parse(person.Subject), before.Payload().Text("sid"), Cancellation);
        var after = await CodeCall.TokensAsync(client, person);

        var told = await ToldAsync(host, $"|Subject|*|{person.Subject}");
        var at = long.Parse(told.Split('|')[2], System.Globalization.CultureInfo.InvariantCulture);
        Assert.InRange(at, BeginningOf(before), BeginningOf(after) - 1);
    }

    [Fact]
    [Trait("Practice", "P10")]
    public async Task A_role_that_is_taken_away_ends_what_was_granted()
    {
        using var actor = await Person.CreateAsync(host, "admin");
        using var person = await Person.CreateAsync(host, "customer", "seller");
        using var acting = DatabaseTask.Administration.Begin();
        await using var scope = host.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<AccountAdministration>().TakeAsync(Guid.Parse(actor.Subject), Guid.Parse(person.Subject), "seller", Cancellation);
        await ToldAsync(host, $"|Subject|*|{person.Subject}");
    }

    [Fact]
    [Trait("Practice", "P05")]
    public async Task An_API_key_that_is_revoked_or_replaced_ends_what_it_was_exchanged_for()
    {
        using var person = await Person.CreateAsync(host);
        var owner = Guid.Parse(person.Subject);
        using var acting = DatabaseTask.SignIn.Begin();
        await using var scope = host.Services.CreateAsyncScope();
        var keys = scope.ServiceProvider.GetRequiredService<ApiKeyManager>();
        var first = (await keys.CreateAsync(owner, "one", ["orders.read"], 30, Cancellation))!.Row.Id;
        var second = (await keys.RotateAsync(owner, first, TimeSpan.Zero, Cancellation))!.Row.Id;
        await ToldAsync(host, $"|ApiKey|*|{first}");
        Assert.False(await keys.RevokeAsync(Guid.CreateVersion7(), second, Cancellation));
        Assert.DoesNotContain(await FeedAsync(host), told => told.EndsWith($"{second}", StringComparison.Ordinal));
        Assert.True(await keys.RevokeAsync(owner, second, Cancellation));
        await ToldAsync(host, $"|ApiKey|*|{second}");
    }

    [Fact]
    [Trait("Practice", "P02")]
    public async Task A_signing_key_that_is_withdrawn_ends_what_it_has_signed()
    {
        await using var own = await replicas.StartAsync(new TestClock());
        var keys = own.Services.GetRequiredService<SigningKeys>();
        var withdrawn = Assert.Single(keys.Ring).KeyId;
        await using var scope = own.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<IdentityDbContext>().SigningKeys.Where(row => row.Id == withdrawn).ExecuteDeleteAsync(Cancellation);
        await keys.RemoveExpiredAsync(scope.ServiceProvider, TimeProvider.System.GetUtcNow(), Cancellation);
        Assert.NotEqual(withdrawn, Assert.Single(keys.Ring).KeyId);
        await ToldAsync(own, $"|Key|*|{withdrawn}");
    }

    /// <summary>Sign-out is a right of the person's, whatever has failed.</summary>
    [Fact]
    [Trait("Practice", "P38")]
    public async Task Sign_out_neither_fails_nor_waits_without_Redis_and_is_told_when_it_is_back()
    {
        await using var redis = await LostRedis.StartAsync();
        await using var own = await replicas.StartAsync(TimeProvider.System, redis.Settings);
        using var client = OAuthClient.Mobile(own);
        using var person = await Person.SignedInAsync(own);
        var session = (await CodeCall.TokensAsync(client, person)).Payload().Text("sid");
        redis.Line.Cut();
        var began = TimeProvider.System.GetTimestamp();
        var done = await person.Browser.SubmitAsync("/account/logout");
        Assert.NotEqual(HttpStatusCode.InternalServerError, done.Status);
        Assert.InRange(TimeProvider.System.GetElapsedTime(began), TimeSpan.Zero, TimeSpan.FromSeconds(5));
        redis.Line.Mend();
        await ToldAsync(own, $"|Session|*|{session}");
    }

    // Each engine has a name of its own for it.
    private static string FamilyOf(JsonElement tokens)
        => tokens.Payload().TryGetProperty("oi_au_id", out var family) ? family.GetString()! : tokens.Payload().Text("grant_id");

    private static long BeginningOf(JsonElement tokens)
        => long.Parse(Guid.Parse(FamilyOf(tokens)).ToString("N")[..12], System.Globalization.NumberStyles.HexNumber, System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Waits until one of <paramref name="wanted"/> is told; a star stands for when.</summary>
    private static async Task<string> ToldAsync(IdentityHost host, params string[] wanted)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(TimeSpan.FromSeconds(20));
        while (true)
        {
            if ((await FeedAsync(host)).FirstOrDefault(told => wanted.Select(one => one.Split('*')).Any(
                parts => told.Contains(parts[0], StringComparison.Ordinal) && told.EndsWith(parts[1], StringComparison.Ordinal))) is { } found)
                return found;
            await Task.Delay(50, limit.Token);
        }
    }

    private static async Task<IReadOnlyList<string>> FeedAsync(IdentityHost host)
    {
        try
        {
            var told = await host.Services.GetRequiredService<ShopRedis>().AskAnywayAsync(redis => redis.SortedSetRangeByRankAsync("tokens:revoked"), Cancellation);
            return [.. told.Select(one => one.ToString())];
        }
        catch (Exception failure) when (ShopRedis.IsOutage(failure))
        {
            return [];
        }
    }
}
