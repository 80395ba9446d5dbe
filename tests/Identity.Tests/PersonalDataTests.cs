using System.Net;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SecureShop.Identity.ApiKeys;
using SecureShop.Identity.Data;
using SecureShop.Identity.Tests.Support;
using SecureShop.ServiceDefaults.Access;
using SecureShop.Storage.Audit;
using SecureShop.Testing;

namespace SecureShop.Identity.Tests;

/// <summary>People get what is kept about them, and have it erased.</summary>
[Trait("Practice", "P36")]
public sealed class PersonalDataTests(PostgresFixture postgres, SharedHost shared) : IClassFixture<SharedHost>
{
    private const string Page = "/account/data";

    private readonly IdentityHost host = shared.Host;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_copy_has_all_that_is_kept_and_nothing_that_opens_the_account_or_is_anothers()
    {
        using var other = host.Browse();
        await other.LoginAsync(await other.NewPersonAsync());
        using var browser = host.Browse();
        var (email, key) = await PersonAsync(browser);
        var user = await FindAsync(email);

        await PostAsync(browser, "Export");
        await using var database = IdentityHost.Context(host.Database);
        Assert.Equal(2, await database.Database.ExecuteSqlAsync(
            $"update identity.personal_parts set state = 'TooLarge', answered_at = now() where request_id = (select id from identity.personal_requests where subject = {user!.Id.ToString()})", Cancelled));

        var answer = await PostAsync(browser, "Download");
        Assert.Equal((HttpStatusCode.OK, "application/json"), (answer.Status, answer.Headers["Content-Type"].Split(';')[0]));
        Assert.StartsWith("attachment", answer.Headers["Content-Disposition"], StringComparison.Ordinal);
        Assert.Contains("no-store", answer.Headers["Cache-Control"], StringComparison.Ordinal);
        var copy = answer.Json();
        Assert.Equal((user!.Id, email, "Test Person"), (
            copy.GetProperty("profile").GetProperty("id").GetGuid(), copy.GetProperty("profile").GetProperty("email").GetString(),
            copy.GetProperty("profile").GetProperty("name").GetString()));
        Assert.Equal(["customer"], copy.GetProperty("roles").EnumerateArray().Select(role => role.GetString()));
        Assert.Equal(key[..12], Assert.Single(copy.GetProperty("apiKeys").EnumerateArray()).GetProperty("shown").GetString());
        Assert.NotEmpty(copy.GetProperty("sessions").EnumerateArray());
        Assert.False(copy.GetProperty("factors").GetProperty("twoFactor").GetBoolean());

        var id = user.Id.ToString();
        var rows = await database.Set<AuditRow>().Where(row => row.Subject == id && row.EventName != "DataExported").OrderByDescending(row => row.Id).Select(row => row.EventName).ToListAsync(Cancelled);
        Assert.Equal(rows, copy.GetProperty("events").EnumerateArray().Select(one => one.GetProperty("name").GetString()).Where(name => name != "DataExported"));
        foreach (var secret in (string[])[key[12..], user.PasswordHash!, user.SecurityStamp!, Convert.ToBase64String((await database.Set<ApiKeyRow>().SingleAsync(row => row.UserId == user.Id, Cancelled)).Hash)])
            Assert.DoesNotContain(secret, answer.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Export")]
    [InlineData("Download")]
    [InlineData("Erase")]
    [Trait("Practice", "P25")]
    public async Task All_ask_for_a_form_of_ours_and_for_somebody_who_has_just_shown_who_they_are(string handler)
    {
        var clock = new TestClock();
        await using var own = await IdentityHost.StartOnAsync(await IdentityHost.MigratedAsync(postgres), clock);
        using var guest = own.Browse();
        Assert.StartsWith("/account/login", (await guest.GetAsync(Page)).Location!.PathAndQuery(), StringComparison.Ordinal);

        using var browser = own.Browse();
        var (email, _) = await PersonAsync(browser);
        Assert.Equal(HttpStatusCode.BadRequest, (await browser.PostAsync($"{Page}?handler={handler}", ("Email", email))).Status);
        var tab = await browser.OpenFormAsync(Page);
        clock.Advance(TimeSpan.FromMinutes(11));
        var late = await browser.PostAsync($"{Page}?handler={handler}", ("Email", email), (OpenForm.TokenField, tab.Token));
        Assert.StartsWith("/account/login", late.Location!.PathAndQuery(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Found, (await browser.LoginAsync(email)).Status);
    }

    [Fact]
    [Trait("Practice", "P43")]
    public async Task Erased_is_gone_everywhere_and_cannot_be_undone()
    {
        using var browser = host.Browse();
        using var elsewhere = host.Browse();
        var (email, key) = await PersonAsync(browser);
        var user = (await FindAsync(email))!;
        var refresh = (await elsewhere.TokensAsync(email)).GetProperty("refresh_token").GetString();

        // By one click too many nothing happens.
        foreach (var typed in (string?[])[null, "", "x", "other@people.example", email[1..]])
            Assert.Contains("Type the e-mail address", (await PostAsync(browser, "Erase", ("Email", typed))).Body, StringComparison.Ordinal);
        Assert.NotNull((await FindAsync(email))!.PasswordHash);

        var done = await PostAsync(browser, "Erase", ("Email", email.ToUpperInvariant()));
        Assert.Contains("Your account is erased", done.Body, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Found, (await browser.GetAsync(Page)).Status);
        Assert.Equal(HttpStatusCode.Found, (await elsewhere.GetAsync(Page)).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await elsewhere.PostAsync("/connect/token", ("grant_type", "refresh_token"), ("client_id", "mobile"), ("refresh_token", refresh))).Status);
        Assert.Equal(HttpStatusCode.OK, (await browser.LoginAsync(email)).Status);
        using (DatabaseTask.Tokens.Begin())
        await using (var scope = host.Services.CreateAsyncScope())
            Assert.Null(await scope.ServiceProvider.GetRequiredService<ApiKeyExchange>().FindAsync(key, [], Cancelled));

        // What is left is an id that nobody else gets, closed.
        await using var database = IdentityHost.Context(host.Database);
        var left = await database.Users.SingleAsync(one => one.Id == user.Id, Cancelled);
        Assert.True(left.IsDisabled);
        Assert.Equal((null, null, null, null, ""), (left.Email, left.NormalizedEmail, left.UserName, left.PasswordHash, left.DisplayName));
        Assert.Equal("AccountErased", (await database.Set<AuditRow>().Where(row => row.Subject == user.Id.ToString()).OrderBy(row => row.Id).LastAsync(Cancelled)).EventName);

        // The address is free; letters of before lie in its mailbox.
        await LastLetterAsync(email);
        await browser.RegisterAndConfirmAsync(email);
        Assert.NotEqual(user.Id, (await FindAsync(email))!.Id);
    }

    [Fact]
    public async Task No_table_says_the_name_or_address_of_somebody_who_is_erased()
    {
        await using var own = await IdentityHost.StartAsync(postgres);
        using var browser = own.Browse();
        var (email, _) = await PersonAsync(browser, "Zebulon Quackenbush");
        await PostAsync(browser, "Erase", ("Email", email));
        await LastLetterAsync(email);

        await using var database = IdentityHost.Context(own.Database);
        var tables = database.Model.GetEntityTypes().Select(type => type.GetTableName()!).Distinct(StringComparer.Ordinal).ToList();
        Assert.True(tables.Count > 15);
        foreach (var table in tables)
        {
            var dump = await Dumps.OfAsync(own.Database, table);
            Assert.DoesNotContain("Quackenbush", dump, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(email.Split('@')[0], dump, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public async Task All_that_hangs_on_an_account_goes_with_it()
    {
        await using var database = IdentityHost.Context(host.Database);
        var keys = database.Model.GetEntityTypes().SelectMany(type => type.GetForeignKeys()).Where(key => key.PrincipalEntityType.ClrType == typeof(ShopUser)).ToList();
        Assert.True(keys.Count >= 6);
        Assert.All(keys, key => Assert.Equal(DeleteBehavior.Cascade, key.DeleteBehavior));
    }

    [Fact]
    [Trait("Practice", "P10")]
    public async Task The_last_administrator_stays_until_there_is_another()
    {
        await using var own = await IdentityHost.StartAsync(postgres);
        using var browser = own.Browse();
        var (email, _) = await PersonAsync(browser);
        await MakeAdminAsync(own, email);
        Assert.Contains("You are the last administrator", (await PostAsync(browser, "Erase", ("Email", email))).Body, StringComparison.Ordinal);

        using var other = own.Browse();
        await MakeAdminAsync(own, await other.NewPersonAsync());
        Assert.Contains("Your account is erased", (await PostAsync(browser, "Erase", ("Email", email))).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_person_reads_what_happened_to_their_account_lately()
    {
        using var browser = host.Browse("198.51.100.200");
        var email = await browser.NewPersonAsync();
        await browser.LoginAsync(email, "not the password at all");
        await browser.LoginAsync(email);
        var page = (await browser.GetAsync(Page)).Body;
        Assert.Contains("Sign in failed", page, StringComparison.Ordinal);
        Assert.Contains("Signed in", page, StringComparison.Ordinal);
        Assert.Contains("198.51.100.0/24", page, StringComparison.Ordinal);
    }

    private static async Task LastLetterAsync(string email)
    {
        var mailbox = await TestMailbox.SharedAsync();
        var subject = "";
        while (subject != "Your account was erased")
            subject = (await mailbox.NextAsync(email)).Subject;
    }

    private static async Task MakeAdminAsync(IdentityHost host, string email)
    {
        using var acting = DatabaseTask.Administration.Begin();
        await using var scope = host.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<ShopUser>>();
        await users.AddToRoleAsync((await users.FindByEmailAsync(email))!, Role.Admin);
    }

    private static async Task<(string Email, string Key)> PersonAsync(Browser browser, string name = "Test Person")
    {
        var email = $"{Guid.NewGuid():N}@people.example";
        await browser.RegisterAndConfirmAsync(email, name: name);
        Assert.Equal(HttpStatusCode.Found, (await browser.LoginAsync(email)).Status);
        var made = await browser.SubmitAsync("/account/keys", ("Name", "Key"), ("Scope", Scope.OrdersRead), ("Days", "30"));
        var start = made.Body.IndexOf(ApiKeyFormat.Start, StringComparison.Ordinal);
        return (email, made.Body[start..(start + ApiKeyFormat.Length)]);
    }

    private static async Task<Answer> PostAsync(Browser browser, string handler, params (string Name, string? Value)[] form)
        => await browser.SubmitAsync(Page, $"{Page}?handler={handler}", form);

    private async Task<ShopUser?> FindAsync(string email)
    {
        using var acting = DatabaseTask.Administration.Begin();
        await using var scope = host.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<UserManager<ShopUser>>().FindByEmailAsync(email);
    }
}
