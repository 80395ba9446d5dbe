using System.Net;
using Npgsql;
using SecureShop.Identity.Tests.Support;
using SecureShop.Testing;

namespace SecureShop.Identity.Tests;

/// <summary>Identity where an ingress ends TLS before the gateway and before Identity: who is who, and what it says of itself.</summary>
public sealed class IngressTests(PostgresFixture postgres, RedisFixture redis) : IClassFixture<RedisFixture>
{
    [Theory]
    [InlineData(2, HttpStatusCode.Found)]

    // The positive control: one proxy short, everybody is the gateway.
    [InlineData(1, HttpStatusCode.TooManyRequests)]
    [Trait("Practice", "P09")]
    [Trait("Practice", "P28")]
    public async Task Who_guesses_shuts_out_itself_and_not_the_next(int hops, HttpStatusCode next)
    {
        Assert.SkipUnless(Ingress.IsPossible, Ingress.Needs);
        await using var system = await BehindTwoProxies.StartAsync(postgres, redis, hops);
        using var person = system.Browse("127.20.0.2");
        var email = await person.NewPersonAsync();

        var guessers = Enumerable.Range(0, 10).Select(_ => system.Browse("127.20.0.1")).ToList();
        var guesses = await Task.WhenAll(guessers.Select((guesser, i) => guesser.LoginAsync($"someone-{i}@people.example", "not the password at all")));
        Assert.All(guesses, guess => Assert.Equal(HttpStatusCode.OK, guess.Status));
        Assert.Equal(HttpStatusCode.TooManyRequests, (await guessers[0].LoginAsync(email)).Status);
        guessers.ForEach(guesser => guesser.Dispose());

        Assert.Equal(next, (await person.LoginAsync(email)).Status);
    }

    [Fact]
    [Trait("Practice", "P01")]
    [Trait("Practice", "P20")]
    public async Task The_whole_way_to_a_token_leads_through_the_public_name_alone()
    {
        Assert.SkipUnless(Ingress.IsPossible, Ingress.Needs);
        await using var system = await BehindTwoProxies.StartAsync(postgres, redis, hops: 2);
        using var browser = system.Browse("127.20.0.3");
        var tokens = await browser.TokensAsync(await browser.NewPersonAsync());
        Assert.True(tokens.TryGetProperty("refresh_token", out _));
        Assert.All(browser.SetCookies, cookie => Assert.Contains("; secure", cookie, StringComparison.OrdinalIgnoreCase));

        var discovery = await browser.GetAsync("/.well-known/openid-configuration");
        Assert.Equal($"https://{BehindTwoProxies.Name}", discovery.Headers["X-Test-Origin"]);
        var addresses = discovery.Json().EnumerateObject().Where(entry => entry.Name is "issuer" or "jwks_uri" || entry.Name.EndsWith("_endpoint", StringComparison.Ordinal)).ToList();
        Assert.True(addresses.Count > 5);
        Assert.All(addresses, entry => Assert.Equal(BehindTwoProxies.Name, new Uri(entry.Value.GetString()!).Authority));
    }

    [Fact]
    [Trait("Practice", "P28")]
    public async Task No_header_makes_the_service_take_another_host_for_its_own()
    {
        await using var host = await IdentityHost.StartAsync(postgres);
        using var browser = host.Browse("127.0.0.1");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/account/login");
        request.Headers.Add("X-Forwarded-Host", "evil.example");
        request.Headers.Add("X-Forwarded-For", "203.0.113.9");
        request.Headers.Host = "evil.example";
        Assert.Equal(IdentityHost.Issuer, (await browser.SendAsync(request)).Headers["X-Test-Origin"]);
    }

    [Fact]
    [Trait("Practice", "P40")]
    public async Task The_password_of_Postgres_may_come_as_a_variable_of_its_own()
    {
        var database = new NpgsqlConnectionStringBuilder(await IdentityHost.MigratedAsync(postgres));
        var password = database.Password;
        Assert.False(string.IsNullOrEmpty(password));
        database.Password = null;
        await using (var without = new NpgsqlConnection(database.ConnectionString))
            await Assert.ThrowsAnyAsync<NpgsqlException>(() => without.OpenAsync(TestContext.Current.CancellationToken));

        // Of the whole process, where every other test's connection string has one itself.
        Environment.SetEnvironmentVariable("PGPASSWORD", password);
        try
        {
            await using var host = await IdentityHost.StartOnAsync(database.ConnectionString);
            using var browser = host.Browse();
            Assert.Equal(HttpStatusCode.Found, (await browser.LoginAsync(await browser.NewPersonAsync())).Status);
        }
        finally
        {
            Environment.SetEnvironmentVariable("PGPASSWORD", null);
        }
    }
}
