using System.Net;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using SecureShop.Identity.Tests.Support;
using SecureShop.Testing;

namespace SecureShop.Identity.Tests;

public sealed class KeyTests(PostgresFixture postgres)
{
    [Fact]
    [Trait("Practice", "P03")]
    public async Task A_restart_keeps_sessions_refresh_tokens_and_signing_keys()
    {
        var database = await IdentityHost.MigratedAsync(postgres);
        string refresh;
        string kid;
        Browser carried;
        await using (var before = await IdentityHost.StartOnAsync(database))
        {
            using var browser = before.Browse();
            var tokens = await browser.TokensAsync(await browser.NewPersonAsync());
            refresh = tokens.GetProperty("refresh_token").GetString()!;
            kid = new JsonWebToken(tokens.GetProperty("access_token").GetString()).Kid;
            carried = browser;
        }

        await using var after = await IdentityHost.StartOnAsync(database);
        using var later = after.Browse();
        later.Take(carried);
        Assert.Contains("Hello, Test Person", (await later.GetAsync("/")).Body, StringComparison.Ordinal);
        var renewed = await later.PostAsync("/connect/token", ("grant_type", "refresh_token"), ("client_id", "mobile"), ("refresh_token", refresh));
        Assert.Equal(HttpStatusCode.OK, renewed.Status);
        Assert.Equal(kid, new JsonWebToken(renewed.Json().GetProperty("access_token").GetString()).Kid);
        Assert.Equal([kid], await KeysAsync(later));
    }

    [Fact]
    [Trait("Practice", "P02")]
    public async Task Replicas_that_start_together_share_one_protection_key_and_each_others_work()
    {
        var database = await IdentityHost.MigratedAsync(postgres);
        var hosts = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(() => IdentityHost.StartOnAsync(database))));
        await using var one = hosts[0];
        await using var other = hosts[1];

        // Signed in at one, the code asked for at the other, redeemed at the first again.
        using var here = one.Browse();
        using var there = other.Browse();
        await here.LoginAsync(await here.NewPersonAsync());
        there.Take(here);
        var request = new CodeRequest("openid catalog.read");
        var tokens = await here.RedeemAsync(request, await there.AllowAsync(await there.GetAsync(request.Path)));

        var keys = await KeysAsync(there);
        Assert.Contains(new JsonWebToken(tokens.GetProperty("access_token").GetString()).Kid, keys);
        await using var context = IdentityHost.Context(database);
        Assert.Equal(1, await context.DataProtectionKeys.CountAsync(TestContext.Current.CancellationToken));
        Assert.Equal(keys.Count, await context.SigningKeys.CountAsync(k => k.Algorithm == "ES256", TestContext.Current.CancellationToken));
    }

    [Fact]
    [Trait("Practice", "P21")]
    [Trait("Practice", "P40")]
    public async Task The_tables_show_no_key_and_no_token()
    {
        await using var host = await IdentityHost.StartAsync(postgres);
        using var browser = host.Browse();
        var tokens = await browser.TokensAsync(await browser.NewPersonAsync());
        await using var context = IdentityHost.Context(host.Database);

        var ring = await context.DataProtectionKeys.SingleAsync(TestContext.Current.CancellationToken);
        Assert.Contains("<EncryptedData", ring.Xml, StringComparison.Ordinal);
        Assert.DoesNotContain("masterKey", ring.Xml, StringComparison.Ordinal);
        Assert.DoesNotContain("<value>", ring.Xml, StringComparison.Ordinal);
        var signing = await context.SigningKeys.ToListAsync(TestContext.Current.CancellationToken);
        Assert.NotEmpty(signing);
        Assert.All(signing, key => Assert.True(key.DataProtected));
        Assert.All(signing, key => Assert.StartsWith("CfDJ8", key.Data, StringComparison.Ordinal));

        // Every row of every table: whichever engine wrote it.
        string[] secrets = [tokens.GetProperty("refresh_token").GetString()!, tokens.GetProperty("access_token").GetString()!, "PRIVATE KEY", "\"d\":", "masterKey"];
        var rows = await context.Database.SqlQuery<string>($"""
            select query_to_xml(format('select * from identity.%I', tablename), false, true, '')::text as "Value" from pg_tables where schemaname = 'identity'
            """).ToListAsync(TestContext.Current.CancellationToken);
        Assert.Contains(rows, row => row.Contains(signing[0].Id, StringComparison.Ordinal));
        Assert.DoesNotContain(rows, row => Array.Exists(secrets, secret => row.Contains(secret, StringComparison.Ordinal)));
    }

    [Theory]
    [Trait("Practice", "P40")]
    [InlineData("Identity:KeyCertificates:0", null, "Set Identity__KeyCertificates__0 to")]
    [InlineData("Identity:KeyCertificates:0", "bm90LWEtY2VydGlmaWNhdGU=", "Set Identity__KeyCertificates__0 to")]
    [InlineData("Identity:Issuer", null, "Set Identity__Issuer to")]
    [InlineData("Identity:Issuer", "http://localhost:7444", "Set Identity__Issuer to")]
    [InlineData("Identity:Issuer", "https://localhost:7444/", "Set Identity__Issuer to")]
    [InlineData("Clients:OrdersServiceKey", "bm8ga2V5", "Set Clients__OrdersServiceKey to")]
    [InlineData("Clients:CatalogServiceKey", "bm8ga2V5", "Set Clients__CatalogServiceKey to")]
    [InlineData("Clients:DemoSecret", "short", "Set Clients__DemoSecret to")]
    [InlineData("Clients:StorefrontKey", "bm8ga2V5", "Set Clients__StorefrontKey to")]
    [InlineData("Shop:Origin", "https://localhost:7443/", "Set Shop__Origin to")]
    [InlineData("Attempts:PerAccount", "5000", "Set Attempts__PerAccount to")]
    public async Task A_bad_setting_stops_the_start_with_the_mend_and_without_the_value(string name, string? value, string message)
    {
        var database = await IdentityHost.MigratedAsync(postgres);
        var failure = await Assert.ThrowsAnyAsync<Exception>(() => IdentityHost.StartOnAsync(database, (name, value)));
        Assert.Contains(message, failure.ToString(), StringComparison.Ordinal);
        Assert.False(value?.Length > 10 && !value.StartsWith("http", StringComparison.Ordinal) && failure.ToString().Contains(value, StringComparison.Ordinal));
        Assert.False(failure is OptionsValidationException { Failures: var faults } && !faults.Any());
    }

    private static async Task<List<string?>> KeysAsync(Browser browser)
        => [.. (await browser.GetAsync("/.well-known/openid-configuration/jwks")).Json().GetProperty("keys").EnumerateArray().Select(KeyId)];

    private static string? KeyId(JsonElement key)
    {
        Assert.False(key.TryGetProperty("d", out _));
        return key.GetProperty("kid").GetString();
    }
}
