using System.Net;
using SecureShop.Identity.Data;
using SecureShop.Identity.Tests.Support;
using SecureShop.Mail;
using SecureShop.Storage.Audit;
using SecureShop.Testing;

namespace SecureShop.Identity.Tests;

/// <summary>Each denial leaves its event; what is granted leaves none that refuses.</summary>
public sealed class EventTests(SharedHost shared) : IClassFixture<SharedHost>
{
    private const string Wrong = "not the password at all";
    private readonly IdentityHost host = shared.Host;
    private static int visitors;

    [Fact]
    [Trait("Practice", "P33")]
    public async Task Signing_in_leaves_an_event_and_refuses_nothing()
    {
        var (browser, from) = Visit();
        var email = await browser.NewPersonAsync();
        Assert.Equal(HttpStatusCode.Found, (await browser.LoginAsync(email)).Status);
        Assert.Equal(["Registered", "SignedIn"], Of(from).Select(one => one.Name));
        Assert.All(Of(from), one => Assert.Null(one["Reason"]));
        Assert.Equal("/account/login", Of(from)[1]["Route"]);
        Assert.True(Guid.TryParse(Of(from)[1]["Subject"], out _));
    }

    [Fact]
    [Trait("Practice", "P09")]
    [Trait("Practice", "P33")]
    public async Task Guessing_leaves_an_event_per_guess_one_for_the_lock_and_one_for_each_try_that_is_slowed()
    {
        using var person = host.Browse();
        var email = await person.NewPersonAsync();
        var (browser, from) = Visit();
        for (var guess = 0; guess < Limits.PerAccount + 1; guess++)
            await browser.LoginAsync(email, Wrong);

        var seen = Of(from).Select(one => $"{one.Id} {one.Name} {one["Reason"]}").ToList();
        Assert.Equal([.. Enumerable.Repeat("4002 SignInFailed wrong_password", 5), "4004 LockedOut locked_out", "4005 AttemptsThrottled throttled"], seen);
    }

    [Fact]
    [Trait("Practice", "P33")]
    public async Task An_unknown_address_leaves_an_event_without_it()
    {
        var (browser, from) = Visit();
        await browser.LoginAsync("someone@people.example", Wrong);
        var only = Assert.Single(Of(from));
        Assert.Equal((4003, "SignInUnknown", "unknown_account", null), (only.Id, only.Name, only["Reason"], only["Subject"]));
        Assert.DoesNotContain("someone", only.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("demo", IdentityHost.DemoSecret, "catalog.read", null, null)]
    [InlineData("demo", "wrong", "catalog.read", 4021, "client_authentication")]
    [InlineData("nobody", "wrong", "catalog.read", 4021, "client_authentication")]
    [InlineData("demo", IdentityHost.DemoSecret, "orders.admin", 4022, "grant")]
    [Trait("Practice", "P33")]
    public async Task A_client_that_fails_leaves_one_event_and_is_named_only_when_proven(string client, string secret, string scope, int? id, string? reason)
    {
        var (browser, from) = Visit();
        await browser.PostAsync(
            "/connect/token", ("grant_type", "client_credentials"), ("client_id", client), ("client_secret", secret), ("scope", scope));
        if (id is null)
        {
            Assert.Empty(Of(from));
            return;
        }

        var only = Assert.Single(Of(from));
        Assert.Equal((id.Value, reason, id == 4022 ? "demo" : null), (only.Id, only["Reason"], only["Client"]));
        Assert.DoesNotContain(secret, only.Text, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Practice", "P03")]
    [Trait("Practice", "P33")]
    public async Task A_refresh_token_that_comes_twice_leaves_grant_reused()
    {
        var (browser, from) = Visit();
        var tokens = await browser.TokensAsync(await browser.NewPersonAsync());
        (string, string?)[] refresh = [("grant_type", "refresh_token"), ("client_id", "mobile"), ("refresh_token", tokens.GetProperty("refresh_token").GetString())];
        Assert.Equal(HttpStatusCode.OK, (await browser.PostAsync("/connect/token", refresh)).Status);
        Assert.DoesNotContain(Of(from), one => one["Reason"] is not null);

        Assert.Equal(HttpStatusCode.BadRequest, (await browser.PostAsync("/connect/token", refresh)).Status);
        var only = Assert.Single(Of(from), one => one["Reason"] is not null);
        Assert.Equal((4022, "grant_reused", "mobile"), (only.Id, only["Reason"], only["Client"]));
    }

    [Fact]
    [Trait("Practice", "P33")]
    public async Task A_foreign_redirect_address_leaves_an_event_and_a_sign_in_that_is_needed_none()
    {
        var (browser, from) = Visit();
        var request = new CodeRequest("openid");
        await browser.GetAsync(request.Path);
        await browser.GetAsync(request.Path + "&prompt=none");
        Assert.Empty(Of(from));

        await browser.GetAsync(request.Path.Replace(Uri.EscapeDataString(CodeRequest.Redirect), Uri.EscapeDataString("https://evil.example/"), StringComparison.Ordinal));
        Assert.Equal((4023, "authorization"), (Assert.Single(Of(from)).Id, Of(from)[0]["Reason"]));
    }

    [Theory]
    [InlineData(null, 1001, "no_credential")]
    [InlineData("not.a.token", 1002, "token_other")]
    [Trait("Practice", "P33")]
    public async Task A_bad_token_at_userinfo_leaves_an_event(string? token, int id, string reason)
    {
        var (browser, from) = Visit();
        var request = new HttpRequestMessage(HttpMethod.Get, "/connect/userinfo");
        if (token is not null)
            request.Headers.Authorization = new("Bearer", token);
        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.SendAsync(request)).Status);
        Assert.Equal((id, reason), (Assert.Single(Of(from)).Id, Of(from)[0]["Reason"]));
    }

    [Fact]
    [Trait("Practice", "P33")]
    public async Task A_post_without_its_antiforgery_token_leaves_an_event()
    {
        var (browser, from) = Visit();
        Assert.Equal(HttpStatusCode.BadRequest, (await browser.PostAsync("/account/login", ("Email", "a@b.example"), ("Password", Wrong))).Status);
        Assert.Equal((1004, "input"), (Assert.Single(Of(from)).Id, Of(from)[0]["Reason"]));
    }

    [Fact]
    [Trait("Practice", "P33")]
    public void The_document_lists_every_event_and_no_other() => Assert.Empty(EventDocument.Differences(
        [typeof(ShopUser).Assembly, typeof(AuditTable).Assembly, typeof(Outbox).Assembly], 4000, 4999, "secureshop.sign_ins", "secureshop.mails", "secureshop.sealing.waiting", "secureshop.outbox.messages", "secureshop.personal_data.parts"));

    // Without 4010: these hosts have no Redis.
    private List<RecordedEvent> Of(string from) => [.. host.Events.From(from).Where(one => one.Id != 4010)];

    private (Browser Browser, string From) Visit()
    {
        var from = $"192.0.2.{Interlocked.Increment(ref visitors)}";
        return (host.Browse(from), from);
    }
}
