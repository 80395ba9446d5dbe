using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SecureShop.Identity.Data;
using SecureShop.Identity.Tests.Support;
using SecureShop.Testing;

namespace SecureShop.Identity.Tests;

/// <summary>Failed attempts slow those who make them and nobody else; an account that was disabled has nothing left.</summary>
public sealed class LockTests(PostgresFixture postgres) : IAsyncLifetime
{
    private const string Wrong = "not the password at all";
    private IdentityHost host = null!;
    private Browser owner = null!;
    private string email = "";
    private JsonElement tokens;

    public async ValueTask InitializeAsync()
    {
        host = await IdentityHost.StartAsync(postgres);
        owner = host.Browse();
        email = await owner.NewPersonAsync();
        tokens = await owner.TokensAsync(email);
    }

    public async ValueTask DisposeAsync()
    {
        owner.Dispose();
        await host.DisposeAsync();
    }

    [Fact]
    [Trait("Practice", "P09")]
    public async Task Five_wrong_passwords_of_a_stranger_end_neither_session_nor_tokens_and_lock_the_owner_out_no_more()
    {
        var request = new CodeRequest("openid catalog.read");
        var code = QueryHelpers.ParseQuery((await owner.AllowAsync(await owner.GetAsync(request.Path))).Location!.Query())["code"].ToString();
        await LockAsync();

        // The code and the refresh token from before, the access token at userinfo, the session at its pages and for new codes.
        Assert.Equal(HttpStatusCode.OK, (await owner.PostAsync("/connect/token", request.Redeem(code))).Status);
        var refreshed = await RefreshAsync(tokens);
        Assert.Equal(HttpStatusCode.OK, refreshed.Status);
        Assert.Equal(HttpStatusCode.OK, (await UserInfoAsync(refreshed.Json())).Status);
        Assert.Equal(HttpStatusCode.OK, (await RefreshAsync(refreshed.Json())).Status);
        Assert.Contains("Hello, Test Person", (await owner.GetAsync("/")).Body, StringComparison.Ordinal);
        var again = new CodeRequest("openid catalog.read");
        Assert.True((await owner.RedeemAsync(again, await owner.GetAsync(again.Path))).TryGetProperty("access_token", out _));

        // At a device that is not known no password is tried, the right one neither; where the owner was before, it is.
        using var other = host.Browse();
        Assert.Equal(HttpStatusCode.TooManyRequests, (await other.LoginAsync(email)).Status);
        Assert.Equal(HttpStatusCode.Found, (await owner.LoginAsync(email)).Status);

        // And the owner can leave.
        await owner.SubmitAsync("/account/logout");
        Assert.DoesNotContain("Hello", (await owner.GetAsync("/")).Body, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Practice", "P09")]
    [Trait("Practice", "P10")]
    public async Task A_disabled_account_has_no_session_and_no_tokens_and_five_wrong_passwords_do_not_open_it_again()
    {
        Assert.Equal(HttpStatusCode.OK, (await UserInfoAsync(tokens)).Status);
        await using (var context = IdentityHost.Context(host.Database))
        {
            await context.Users.Where(u => u.NormalizedEmail == IdentityHost.HashOf(email))
                .ExecuteUpdateAsync(set => set.SetProperty(u => u.LockoutEnd, DateTimeOffset.MaxValue), TestContext.Current.CancellationToken);
        }

        await LockAsync();

        await using (var context = IdentityHost.Context(host.Database))
            Assert.Equal(DateTimeOffset.MaxValue, (await context.Users.SingleAsync(u => u.NormalizedEmail == IdentityHost.HashOf(email), TestContext.Current.CancellationToken)).LockoutEnd);
        Assert.Equal(HttpStatusCode.BadRequest, (await RefreshAsync(tokens)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await UserInfoAsync(tokens)).Status);
        Assert.StartsWith("/account/login?", (await owner.GetAsync(new CodeRequest("openid catalog.read").Path)).Location!.PathAndQuery(), StringComparison.Ordinal);
        Assert.DoesNotContain("Hello", (await owner.GetAsync("/")).Body, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Practice", "P10")]
    public async Task A_changed_password_ends_the_session_without_a_failure()
    {
        Assert.Contains("Hello, Test Person", (await owner.GetAsync("/")).Body, StringComparison.Ordinal);
        using (DatabaseTask.Administration.Begin())
        await using (var scope = host.Services.CreateAsyncScope())
        {
            var users = scope.ServiceProvider.GetRequiredService<UserManager<ShopUser>>();
            var user = (await users.FindByEmailAsync(email))!;
            Assert.True((await users.ChangePasswordAsync(user, Browser.Password, "another fine passphrase")).Succeeded);
        }

        var page = await owner.GetAsync("/");
        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.DoesNotContain("Hello", page.Body, StringComparison.Ordinal);
    }

    private async Task LockAsync()
    {
        using var stranger = host.Browse();
        for (var attempt = 1; attempt <= Limits.PerAccount; attempt++)
            Assert.Equal(HttpStatusCode.OK, (await stranger.LoginAsync(email, Wrong)).Status);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await stranger.LoginAsync(email, Wrong)).Status);
    }

    private Task<Answer> RefreshAsync(JsonElement last)
        => owner.PostAsync("/connect/token", ("grant_type", "refresh_token"), ("client_id", "mobile"), ("refresh_token", last.GetProperty("refresh_token").GetString()));

    private Task<Answer> UserInfoAsync(JsonElement last) => owner.SendAsync(new HttpRequestMessage(HttpMethod.Get, "/connect/userinfo")
    {
        Headers = { Authorization = new AuthenticationHeaderValue("Bearer", last.GetProperty("access_token").GetString()) },
    });
}
