using System.Net;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SecureShop.Identity.Administration;
using SecureShop.Identity.Data;
using SecureShop.Identity.Events;
using SecureShop.Identity.Tests.Support;
using SecureShop.ServiceDefaults.Access;
using SecureShop.Storage.Audit;

namespace SecureShop.Identity.Tests;

/// <summary>Who may change the rights of others, and what that changes.</summary>
[Trait("Practice", "P10")]
public sealed class AdministrationTests(ClockedHost clocked) : IClassFixture<ClockedHost>
{
    private const string List = "/admin/users";

    private readonly IdentityHost host = clocked.Host;
    private readonly Dictionary<Browser, string> admins = [];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Role.Customer)]
    [InlineData(Role.Seller)]
    [InlineData(Role.Support)]
    [Trait("Practice", "P07")]
    public async Task Nobody_else_sees_or_changes_anything(string role)
    {
        var (target, person) = await PersonAsync();
        person.Dispose();
        using var browser = host.Browse();
        await SignInWithTwoFactorsAsync(browser, role);
        foreach (var path in (string[])[List, $"/admin/user?id={target.Id}"])
            Assert.Equal(HttpStatusCode.Forbidden, (await browser.GetAsync(path)).Status);
        var token = (await browser.OpenFormAsync("/account/keys")).Token;
        foreach (var handler in (string[])["Grant", "Take", "Disable", "Enable", "EndSessions"])
        {
            var answer = await browser.PostAsync($"/admin/user?id={target.Id}&handler={handler}", ("role", Role.Admin), (OpenForm.TokenField, token));
            Assert.Equal(HttpStatusCode.Forbidden, answer.Status);
        }

        Assert.Equal([Role.Customer], await RolesAsync(target.Id));

        using var admin = await AdminAsync();
        Assert.Contains(target.Email, (await admin.GetAsync($"/admin/user?id={target.Id}")).Body, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Practice", "P07")]
    public async Task An_administrator_needs_two_factors_and_one_of_them_of_the_last_minutes()
    {
        using var guest = host.Browse();
        Assert.StartsWith("/account/login?", (await guest.GetAsync(List)).Location!.PathAndQuery(), StringComparison.Ordinal);

        using var browser = host.Browse();
        var email = await browser.NewPersonAsync();
        await browser.LoginAsync(email);
        await ChangeAsync(email, (users, user) => users.AddToRoleAsync(user, Role.Admin));
        var asked = await browser.GetAsync(List);
        Assert.True(asked.Location?.StartsWith("/account/second-factor?", StringComparison.Ordinal), $"{asked.Status} {asked.Body}");

        using var admin = await AdminAsync();
        Assert.Equal(HttpStatusCode.OK, (await admin.GetAsync(List)).Status);
        clocked.Clock.Advance(TimeSpan.FromMinutes(11));
        Assert.StartsWith("/account/second-factor?", (await admin.GetAsync(List)).Location, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Practice", "P33")]
    public async Task A_role_is_granted_and_taken_with_a_row_and_a_letter_for_each_and_the_end_of_its_tokens()
    {
        var (target, browser) = await PersonAsync();
        using var person = browser;
        using var device = host.Browse();
        var tokens = await device.TokensAsync(target.Email);
        using var admin = await AdminAsync();

        Assert.Equal(HttpStatusCode.Found, (await PostAsync(admin, target.Id, "Grant", ("role", Role.Seller))).Status);
        Assert.Equal([Role.Customer, Role.Seller], await RolesAsync(target.Id));
        Assert.Contains(Role.Seller, (await LetterAsync(target.Email, "You may do more at SecureShop")).Text, StringComparison.Ordinal);

        // To have more ends nothing.
        var renewed = await RefreshAsync(device, tokens.GetProperty("refresh_token").GetString());
        Assert.Equal(HttpStatusCode.OK, renewed.Status);

        Assert.Equal(HttpStatusCode.Found, (await PostAsync(admin, target.Id, "Take", ("role", Role.Seller))).Status);
        Assert.Equal([Role.Customer], await RolesAsync(target.Id));
        await LetterAsync(target.Email, "You may do less at SecureShop");
        Assert.Equal(HttpStatusCode.BadRequest, (await RefreshAsync(device, renewed.Json().GetProperty("refresh_token").GetString())).Status);

        var actor = host.Events.All.Last(one => one.Name == "RoleTaken")["Actor"];
        var rows = await RowsAsync(target.Id);
        Assert.Equal(
            [("RoleGranted", actor, $"{{\"Role\": \"{Role.Seller}\"}}"), ("RoleTaken", actor, $"{{\"Role\": \"{Role.Seller}\"}}")],
            rows.TakeLast(2).Select(row => (row.EventName, row.Actor, row.Details)));

        // Twice is nothing, and a role that is none is nobody's.
        Assert.Contains("Nothing was changed", (await PostAsync(admin, target.Id, "Take", ("role", Role.Seller))).Body, StringComparison.Ordinal);
        Assert.Contains("Nothing was changed", (await PostAsync(admin, target.Id, "Grant", ("role", "owner"))).Body, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Practice", "P43")]
    public async Task A_disabled_account_is_shut_at_once_and_opened_again()
    {
        var (target, browser) = await PersonAsync();
        using var person = browser;
        using var admin = await AdminAsync();
        Assert.Equal(HttpStatusCode.OK, (await person.GetAsync("/account/keys")).Status);

        await PostAsync(admin, target.Id, "Disable");
        Assert.Equal(HttpStatusCode.Found, (await person.GetAsync("/account/keys")).Status);
        Assert.Equal(HttpStatusCode.OK, (await person.LoginAsync(target.Email)).Status);
        await LetterAsync(target.Email, "Your account was disabled");

        await PostAsync(admin, target.Id, "Enable");
        Assert.Equal(HttpStatusCode.Found, (await person.LoginAsync(target.Email)).Status);

        await PostAsync(admin, target.Id, "EndSessions");
        Assert.Equal(HttpStatusCode.Found, (await person.GetAsync("/account/keys")).Status);
        Assert.Equal(["AccountDisabled", "AccountEnabled", "SessionsEndedByAdmin"],
            (await RowsAsync(target.Id)).Where(row => row.EventId is 4067 or 4068 or 4070).Select(row => row.EventName));
    }

    [Theory]
    [InlineData("Grant", Role.Support)]
    [InlineData("Take", Role.Admin)]
    [InlineData("Disable", null)]
    [Trait("Practice", "P16")]
    public async Task Nobody_changes_their_own_rights(string handler, string? role)
    {
        using var admin = await AdminAsync();
        var own = (await FindAsync(admins[admin])).Id;
        Assert.Contains("This is your own account", (await admin.GetAsync($"/admin/user?id={own}")).Body, StringComparison.Ordinal);
        var token = (await admin.OpenFormAsync("/account/keys")).Token;
        var answer = await admin.PostAsync($"/admin/user?id={own}&handler={handler}", ("role", role), (OpenForm.TokenField, token));
        Assert.Contains("That was refused", answer.Body, StringComparison.Ordinal);
        Assert.Equal([Role.Admin, Role.Customer], await RolesAsync(own));
        Assert.Equal(IdentityRefusal.OwnRights, host.Events.All.Last(one => one.Id == 4069)["Reason"]);
        Assert.Equal(HttpStatusCode.OK, (await admin.GetAsync(List)).Status);
    }

    [Fact]
    public async Task Of_two_administrators_who_remove_each_other_at_once_one_stays()
    {
        using var one = await AdminAsync();
        using var two = await AdminAsync();
        var (first, second) = ((await FindAsync(admins[one])).Id, (await FindAsync(admins[two])).Id);
        for (var round = 0; round < 6; round++)
        {
            var changes = await Task.WhenAll(
                WithAdministrationAsync(administration => administration.TakeAsync(first, second, Role.Admin, Cancelled)),
                WithAdministrationAsync(administration => round % 2 == 0
                    ? administration.TakeAsync(second, first, Role.Admin, Cancelled) : administration.DisableAsync(second, first, Cancelled)));
            Assert.Equal([AccountChange.Done, AccountChange.Refused], changes.Order());
            foreach (var email in (string[])[admins[one], admins[two]])
            {
                await ChangeAsync(email, async (users, user) =>
                {
                    await users.SetLockoutEndDateAsync(user, null);
                    if (!await users.IsInRoleAsync(user, Role.Admin))
                        await users.AddToRoleAsync(user, Role.Admin);
                });
            }
        }
    }

    [Fact]
    [Trait("Practice", "P25")]
    public async Task A_post_from_elsewhere_changes_nothing()
    {
        var (target, browser) = await PersonAsync();
        browser.Dispose();
        using var admin = await AdminAsync();
        Assert.Equal(HttpStatusCode.BadRequest, (await admin.PostAsync($"/admin/user?id={target.Id}&handler=Grant", ("role", Role.Admin))).Status);
        Assert.Equal([Role.Customer], await RolesAsync(target.Id));
        Assert.Equal(HttpStatusCode.NotFound, (await admin.GetAsync($"/admin/user?id={Guid.NewGuid()}")).Status);
    }

    [Fact]
    [Trait("Practice", "P21")]
    [Trait("Practice", "P22")]
    public async Task Accounts_are_found_by_their_whole_address_or_their_id_and_by_nothing_else()
    {
        var (target, browser) = await PersonAsync();
        browser.Dispose();
        using var admin = await AdminAsync();
        foreach (var text in (string[])[target.Email, target.Email.ToUpperInvariant(), $"%20{target.Email}%20", $"{target.Id}"])
        {
            var found = await admin.GetAsync($"{List}?account={text}");
            Assert.Contains($"/admin/user?id={target.Id}", found.Body, StringComparison.Ordinal);
            Assert.Contains(target.Email, found.Body, StringComparison.OrdinalIgnoreCase);
        }

        // Neither a part of an address, nor a pattern, nor what is kept of one, nor nothing.
        foreach (var text in (string[])["%25", "_", target.Email[..12], target.Email[..^1] + "_", IdentityHost.HashOf(target.Email), "' or 1=1 --", "", $"{Guid.NewGuid()}"])
            Assert.DoesNotContain("/admin/user?id=", (await admin.GetAsync($"{List}?account={text}")).Body, StringComparison.Ordinal);
    }

    private async Task<Browser> AdminAsync()
    {
        var browser = host.Browse();
        admins[browser] = await SignInWithTwoFactorsAsync(browser, Role.Admin);
        return browser;
    }

    private async Task<string> SignInWithTwoFactorsAsync(Browser browser, string role)
    {
        var (email, app, _) = await host.NewPersonWithAppAsync(clocked.Clock);
        await ChangeAsync(email, async (users, user) =>
        {
            if (role != Role.Customer)
                await users.AddToRoleAsync(user, role);
        });
        clocked.Clock.Advance(TimeSpan.FromMinutes(2));
        await browser.ShowPasswordAsync(email);
        var shown = await browser.ShowCodeAsync(app.Code(clocked.Clock.GetUtcNow()));
        Assert.True(shown.Status == HttpStatusCode.Found, shown.Body);
        return email;
    }

    private async Task<((Guid Id, string Email) Target, Browser Browser)> PersonAsync()
    {
        var browser = host.Browse();
        var email = await browser.NewPersonAsync();
        await browser.LoginAsync(email);
        return (((await FindAsync(email)).Id, email), browser);
    }

    private static async Task<Answer> PostAsync(Browser admin, Guid id, string handler, params (string Name, string? Value)[] form)
    {
        var tab = await admin.OpenFormAsync($"/admin/user?id={id}");
        return await admin.PostAsync($"{tab.Path}&handler={handler}", [.. form, (OpenForm.TokenField, tab.Token)]);
    }

    private static Task<Answer> RefreshAsync(Browser browser, string? token)
        => browser.PostAsync("/connect/token", ("grant_type", "refresh_token"), ("client_id", "mobile"), ("refresh_token", token));

    private static async Task<TestLetter> LetterAsync(string email, string subject)
    {
        var mailbox = await TestMailbox.SharedAsync();
        while (true)
        {
            if (await mailbox.NextAsync(email) is var letter && letter.Subject == subject)
                return letter;
        }
    }

    private async Task<AccountChange> WithAdministrationAsync(Func<AccountAdministration, Task<AccountChange>> act)
    {
        using var acting = DatabaseTask.Administration.Begin();
        await using var scope = host.Services.CreateAsyncScope();
        return await act(scope.ServiceProvider.GetRequiredService<AccountAdministration>());
    }

    private async Task<ShopUser> FindAsync(string email)
    {
        using var acting = DatabaseTask.Administration.Begin();
        await using var scope = host.Services.CreateAsyncScope();
        return (await scope.ServiceProvider.GetRequiredService<UserManager<ShopUser>>().FindByEmailAsync(email))!;
    }

    private async Task ChangeAsync(string email, Func<UserManager<ShopUser>, ShopUser, Task> act)
    {
        using var acting = DatabaseTask.Administration.Begin();
        await using var scope = host.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<ShopUser>>();
        await act(users, (await users.FindByEmailAsync(email))!);
    }

    private async Task<IEnumerable<string>> RolesAsync(Guid id)
    {
        using var acting = DatabaseTask.Administration.Begin();
        await using var scope = host.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<ShopUser>>();
        return (await users.GetRolesAsync((await users.FindByIdAsync(id.ToString()))!)).Order(StringComparer.Ordinal);
    }

    private async Task<List<AuditRow>> RowsAsync(Guid subject)
    {
        var text = subject.ToString();
        await using var database = IdentityHost.Context(host.Database);
        return await database.Set<AuditRow>().AsNoTracking().Where(row => row.Subject == text).OrderBy(row => row.Id).ToListAsync(Cancelled);
    }
}
