using System.Net;
using System.Text;
using Microsoft.EntityFrameworkCore;
using SecureShop.Identity.Tests.Support;
using SecureShop.Testing;

namespace SecureShop.Identity.Tests.Factors;

public sealed class RecoveryCodeTests(ClockedHost shared) : IClassFixture<ClockedHost>
{
    private readonly IdentityHost host = shared.Host;
    private readonly TestClock clock = shared.Clock;

    [Fact]
    [Trait("Practice", "P07")]
    public async Task Each_of_the_ten_lets_in_once_however_it_is_typed()
    {
        var (email, _, codes) = await host.NewPersonWithAppAsync(clock);
        Assert.Equal(10, codes.Count);
        foreach (var typed in codes.Take(2).Concat([codes[2].ToLowerInvariant(), codes[3].Replace("-", " ", StringComparison.Ordinal)]))
        {
            using var browser = host.Browse();
            await browser.ShowPasswordAsync(email);
            Assert.Equal(HttpStatusCode.Found, (await browser.ShowRecoveryCodeAsync(typed)).Status);

            using var again = host.Browse();
            await again.ShowPasswordAsync(email);
            Assert.Contains("none of your recovery codes", (await again.ShowRecoveryCodeAsync(typed)).Body, StringComparison.Ordinal);
        }

        using var owner = host.Browse();
        await owner.ShowPasswordAsync(email);
        await owner.ShowRecoveryCodeAsync(codes[4]);
        Assert.Contains("5 codes are left", (await owner.GetAsync("/account/security")).Body, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Practice", "P07")]
    public async Task Of_copies_that_race_one_lets_in()
    {
        var (email, _, codes) = await host.NewPersonWithAppAsync(clock);
        var browsers = Enumerable.Range(0, 4).Select(_ => host.Browse()).ToList();
        foreach (var browser in browsers)
            await browser.ShowPasswordAsync(email);
        var tabs = await Task.WhenAll(browsers.Select(browser => browser.OpenFormAsync(SecondFactorSteps.Page)));
        var answers = await Task.WhenAll(browsers.Zip(tabs).Select(pair =>
            pair.First.SubmitAsync(pair.Second with { Path = $"{pair.Second.Path}?handler=RecoveryCode" }, ("Code", codes[0]))));
        Assert.Single(answers, answer => answer.Status == HttpStatusCode.Found);
        browsers.ForEach(browser => browser.Dispose());
    }

    [Fact]
    [Trait("Practice", "P07")]
    public async Task New_ones_end_the_old_ones_and_are_not_anybodys_without_a_factor()
    {
        using var browser = host.Browse();
        var email = await browser.NewPersonAsync();
        await browser.LoginAsync(email);
        Assert.Equal("/account/security", (await browser.SubmitAsync("/account/security/recovery-codes")).Location);
        var (_, old) = await browser.SetUpAppAsync(clock);
        var renewed = SecondFactorSteps.RecoveryCodesOf(await browser.SubmitAsync("/account/security/recovery-codes"));
        Assert.Equal(10, renewed.Except(old, StringComparer.Ordinal).Count());

        using var other = host.Browse();
        await other.ShowPasswordAsync(email);
        Assert.Equal(HttpStatusCode.OK, (await other.ShowRecoveryCodeAsync(old[0])).Status);
        Assert.Equal(HttpStatusCode.Found, (await other.ShowRecoveryCodeAsync(renewed[0])).Status);
    }

    [Fact]
    [Trait("Practice", "P07")]
    [Trait("Practice", "P40")]
    public async Task A_dump_of_the_database_holds_neither_keys_nor_codes()
    {
        var (_, app, codes) = await host.NewPersonWithAppAsync(clock);
        await using var context = IdentityHost.Context(host.Database);
        var cancel = TestContext.Current.CancellationToken;
        var tables = await context.Database.SqlQuery<string>($"select table_name::text as \"Value\" from information_schema.tables where table_schema = 'identity'").ToListAsync(cancel);
        var dump = new StringBuilder();
        foreach (var table in tables)
            dump.AppendJoin('\n', await context.Database.SqlQuery<string>(System.Runtime.CompilerServices.FormattableStringFactory.Create($"select t::text as \"Value\" from identity.\"{table}\" t")).ToListAsync(cancel));
        var text = dump.ToString();
        Assert.Contains("authenticators", tables);
        Assert.Contains("recovery_codes", tables);
        foreach (var secret in codes.Append(app.Key))
        {
            // As text, and as the bytes of a column.
            Assert.DoesNotContain(secret, text, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(Convert.ToHexString(Encoding.ASCII.GetBytes(secret)), text, StringComparison.OrdinalIgnoreCase);
        }

        Assert.DoesNotContain(app.Key, host.Log.Text, StringComparison.Ordinal);
        Assert.All(codes, code => Assert.DoesNotContain(code, host.Log.Text, StringComparison.Ordinal));
    }
}
