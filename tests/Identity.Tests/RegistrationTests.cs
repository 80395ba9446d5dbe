using System.Net;
using Microsoft.EntityFrameworkCore;
using SecureShop.Identity.Tests.Support;

namespace SecureShop.Identity.Tests;

public sealed class RegistrationTests(SharedHost shared) : IClassFixture<SharedHost>
{
    private readonly IdentityHost host = shared.Host;

    [Fact]
    [Trait("Practice", "P09")]
    public async Task An_address_that_has_an_account_gets_the_same_answer_and_nothing_changes()
    {
        using var browser = host.Browse();
        var taken = await browser.NewPersonAsync();
        var free = $"{Guid.NewGuid():N}@people.example";
        var one = await browser.RegisterAsync(taken, "another fine passphrase", "Somebody Else");
        var other = await browser.RegisterAsync(free, "another fine passphrase", "Somebody Else");
        Assert.Equal(HttpStatusCode.Found, one.Status);
        Assert.Equal((one.Status, one.Location, one.Body), (other.Status, other.Location, other.Body));

        // Also in other letters: the address is the same.
        Assert.Equal(one.Location, (await browser.RegisterAsync(taken.ToUpperInvariant(), "another fine passphrase")).Location);

        Assert.Equal(HttpStatusCode.Found, (await browser.LoginAsync(taken)).Status);
        Assert.Equal(HttpStatusCode.OK, (await browser.LoginAsync(taken, "another fine passphrase")).Status);
        await using var context = IdentityHost.Context(host.Database);
        var user = await context.Users.SingleAsync(u => u.NormalizedEmail == IdentityHost.HashOf(taken), TestContext.Current.CancellationToken);
        Assert.Equal("Test Person", user.DisplayName);
    }

    [Fact]
    public async Task Registrations_of_one_address_that_race_make_one_account_with_one_role()
    {
        var email = $"{Guid.NewGuid():N}@people.example";
        var browsers = Enumerable.Range(0, 5).Select(_ => host.Browse()).ToList();
        var answers = await Task.WhenAll(browsers.Select(b => b.RegisterAsync(email)));
        browsers.ForEach(b => b.Dispose());
        Assert.All(answers, a => Assert.Equal(HttpStatusCode.Found, a.Status));
        await using var context = IdentityHost.Context(host.Database);
        var user = await context.Users.SingleAsync(u => u.NormalizedEmail == IdentityHost.HashOf(email), TestContext.Current.CancellationToken);
        Assert.Equal(email, user.Email);
        var role = await context.UserRoles.SingleAsync(r => r.UserId == user.Id, TestContext.Current.CancellationToken);
        Assert.Equal("customer", (await context.Roles.SingleAsync(r => r.Id == role.RoleId, TestContext.Current.CancellationToken)).Name);
        Assert.Equal(7, user.Id.Version);
    }

    [Fact]
    [Trait("Practice", "P18")]
    public async Task A_form_cannot_set_what_it_does_not_show()
    {
        using var browser = host.Browse();
        var email = $"{Guid.NewGuid():N}@people.example";
        await browser.SubmitAsync(
            "/account/register", ("DisplayName", "X"), ("Email", email), ("Password", Browser.Password), ("Role", "admin"), ("role", "admin"),
            ("EmailConfirmed", "true"), ("Id", Guid.Empty.ToString()), ("user.Role", "admin"));
        await using var context = IdentityHost.Context(host.Database);
        var user = await context.Users.SingleAsync(u => u.NormalizedEmail == IdentityHost.HashOf(email), TestContext.Current.CancellationToken);
        Assert.False(user.EmailConfirmed);
        Assert.NotEqual(Guid.Empty, user.Id);
        var roles = await context.UserRoles.Where(r => r.UserId == user.Id).Join(context.Roles, r => r.RoleId, r => r.Id, (_, r) => r.Name)
            .ToListAsync(TestContext.Current.CancellationToken);
        Assert.Equal(["customer"], roles);
    }

    [Theory]
    [Trait("Practice", "P23")]
    [InlineData("Email", "")]
    [InlineData("Email", "no address")]
    [InlineData("Email", "a@b")]
    [InlineData("Email", "a@b@c.example")]
    [InlineData("Email", "a@c..example")]
    [InlineData("DisplayName", "")]
    [InlineData("DisplayName", "   ")]
    [InlineData("DisplayName", "right\u202eto left")]
    [InlineData("Password", "")]
    public async Task Bad_values_are_answered_with_the_form_and_never_with_a_failure(string field, string value)
    {
        using var browser = host.Browse();
        var form = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["DisplayName"] = "Somebody",
            ["Email"] = $"{Guid.NewGuid():N}@people.example",
            ["Password"] = Browser.Password,
            [field] = value,
        };
        var answer = await browser.SubmitAsync("/account/register", [.. form.Select(f => (f.Key, f.Value))]);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Contains("aria-invalid=\"true\"", answer.Body, StringComparison.Ordinal);
    }

    [Theory]
    [Trait("Practice", "P23")]
    [InlineData("Email", "a\u0000b@c.example")]
    [InlineData("DisplayName", "zero\u0000byte")]
    [InlineData("Password", "a zero\u0000byte in a password")]
    [InlineData("DisplayName", "line\nbreak")]
    [InlineData("Email", "a\u007fb@c.example")]
    [InlineData("Password", "an escape \u001b[31m in a password")]
    public async Task Control_characters_are_refused_outright(string field, string value)
    {
        using var browser = host.Browse();
        var form = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["DisplayName"] = "Somebody",
            ["Email"] = $"{Guid.NewGuid():N}@people.example",
            ["Password"] = Browser.Password,
            [field] = value,
        };
        Assert.Equal(HttpStatusCode.BadRequest, (await browser.SubmitAsync("/account/register", [.. form.Select(f => (f.Key, f.Value))])).Status);
    }

    [Theory]
    [Trait("Practice", "P23")]
    [InlineData(255)]
    [InlineData(5_000)]
    public async Task Long_addresses_are_refused_at_both_doors(int length)
    {
        using var browser = host.Browse();
        var email = new string('a', length) + "@people.example";
        Assert.Equal(HttpStatusCode.OK, (await browser.RegisterAsync(email)).Status);
        Assert.Equal(HttpStatusCode.OK, (await browser.LoginAsync(email)).Status);
    }

    [Fact]
    [Trait("Practice", "P24")]
    [Trait("Practice", "P22")]
    public async Task Hostile_text_is_stored_and_shown_as_text()
    {
        using var browser = host.Browse();
        const string Name = "<script>alert(1)</script>'; DROP TABLE identity.users;--";
        var email = $"o'brien+{Guid.NewGuid():N}@people.example";
        await browser.RegisterAndConfirmAsync(email, name: Name);
        Assert.Equal(HttpStatusCode.Found, (await browser.LoginAsync(email)).Status);
        var home = (await browser.GetAsync("/")).Body;
        Assert.Contains("&lt;script&gt;alert(1)", home, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", home, StringComparison.Ordinal);
    }
}
