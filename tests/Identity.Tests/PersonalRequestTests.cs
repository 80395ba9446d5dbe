using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Npgsql;
using SecureShop.Identity.Tests.Support;
using SecureShop.ServiceDefaults.Access;
using SecureShop.Storage.Audit;
using SecureShop.Storage.Data;
using SecureShop.Storage.PersonalData;
using SecureShop.Testing;

namespace SecureShop.Identity.Tests;

/// <summary>What people ask of all services: kept at Identity, fetched and answered by each service for itself, and by nobody else.</summary>
[Trait("Practice", "P36")]
public sealed class PersonalRequestTests(PostgresFixture postgres, HostWithRedis shared) : IClassFixture<HostWithRedis>
{
    private const string Page = "/account/data";
    private const string Empty = """{"state":"done","content":[]}""";
    private const string Erased = """{"state":"done"}""";

    private readonly IdentityHost host = shared.Host;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Practice", "P12")]
    public async Task Each_service_sees_and_answers_its_own_parts_alone()
    {
        using var browser = host.Browse();
        var person = await AskedAsync(browser);
        using var orders = new ServiceCaller(host, "orders");
        using var catalog = new ServiceCaller(host, "catalog");
        var (id, kind) = Assert.Single(await orders.OpenAsync(person));
        Assert.Equal("export", kind);
        Assert.Equal([(id, "export")], await catalog.OpenAsync(person));

        // One's answer is not the other's: that still waits, and the person with it.
        Assert.Equal(HttpStatusCode.NoContent, await orders.AnswerAsync(id, """{"state":"done","content":[{"delivery":"4 Canary Lane"}]}"""));
        Assert.Empty(await orders.OpenAsync(person));
        Assert.Equal([(id, "export")], await catalog.OpenAsync(person));
        var page = (await browser.GetAsync(Page)).Body;
        Assert.Contains("Being put together", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Download as JSON", page, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Found, (await PostAsync(browser, "Download")).Status);

        Assert.Equal(HttpStatusCode.NoContent, await catalog.AnswerAsync(id, """{"state":"done","content":{"products":[]}}"""));
        Assert.Contains("Download as JSON", (await browser.GetAsync(Page)).Body, StringComparison.Ordinal);
        var copy = (await PostAsync(browser, "Download")).Json();
        Assert.Equal(person, copy.GetProperty("profile").GetProperty("id").GetGuid());
        Assert.Equal("4 Canary Lane", copy.GetProperty("services").GetProperty("orders")[0].GetProperty("delivery").GetString());
        Assert.Empty(copy.GetProperty("services").GetProperty("catalog").GetProperty("products").EnumerateArray());
        foreach (var name in (string[])["ExportAsked", "PersonalPartAnswered", "DataExported"])
            await InTrailAsync(host, person, name);
    }

    [Fact]
    public async Task An_answer_may_come_twice_and_never_changes()
    {
        using var browser = host.Browse();
        var person = await AskedAsync(browser);
        using var orders = new ServiceCaller(host, "orders");
        var id = Assert.Single(await orders.OpenAsync(person)).Id;
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => orders.AnswerAsync(id, Empty)));
        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.NoContent, answer));
        Assert.Equal(HttpStatusCode.NoContent, await orders.AnswerAsync(id, Empty));
        Assert.Equal(HttpStatusCode.Conflict, await orders.AnswerAsync(id, """{"state":"done","content":[1]}"""));
        Assert.Equal(HttpStatusCode.Conflict, await orders.AnswerAsync(id, """{"state":"too_large"}"""));
        Assert.Single(host.Events.All, one => one.Name == "PersonalPartAnswered" && one["Subject"] == $"{person}");
    }

    [Theory]
    [Trait("Practice", "P23")]
    [InlineData("""{"state":"open"}""", 400)]
    [InlineData("""{"state":"done"}""", 400)]
    [InlineData("""{"state":"done","content":null}""", 400)]
    [InlineData("""{"state":"too_large","content":[]}""", 400)]
    [InlineData("""{"state":"done","content":[],"service":"catalog"}""", 400)]
    [InlineData("""{"content":[]}""", 400)]
    [InlineData("[]", 400)]
    [InlineData("{", 400)]
    public async Task What_is_no_answer_is_refused_and_the_part_waits(string json, int status)
    {
        using var browser = host.Browse();
        var person = await AskedAsync(browser);
        using var orders = new ServiceCaller(host, "orders");
        var id = Assert.Single(await orders.OpenAsync(person)).Id;
        Assert.Equal(status, (int)await orders.AnswerAsync(id, json));
        Assert.Single(await orders.OpenAsync(person));
        Assert.Equal(HttpStatusCode.NotFound, await orders.AnswerAsync(Guid.CreateVersion7(), Empty));
    }

    [Fact]
    public async Task What_is_larger_than_a_file_should_be_is_refused_and_said()
    {
        using var browser = host.Browse();
        var person = await AskedAsync(browser);
        using var orders = new ServiceCaller(host, "orders");
        using var catalog = new ServiceCaller(host, "catalog");
        var id = Assert.Single(await orders.OpenAsync(person)).Id;
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, await orders.AnswerAsync(id, Sized(PersonalRequests.MaxContent + 8192)));
        Assert.Equal(HttpStatusCode.BadRequest, await orders.AnswerAsync(id, Sized(PersonalRequests.MaxContent + 1)));
        Assert.Equal(HttpStatusCode.NoContent, await orders.AnswerAsync(id, Sized(PersonalRequests.MaxContent)));
        Assert.Equal(HttpStatusCode.NoContent, await catalog.AnswerAsync(id, """{"state":"too_large"}"""));

        Assert.Contains("More than goes into one file", (await browser.GetAsync(Page)).Body, StringComparison.Ordinal);
        var services = (await PostAsync(browser, "Download")).Json().GetProperty("services");
        Assert.Equal(PersonalRequests.MaxContent - 2, services.GetProperty("orders").GetString()!.Length);
        Assert.StartsWith("Too large", services.GetProperty("catalog").GetString(), StringComparison.Ordinal);

        static string Sized(int bytes) => $$"""{"state":"done","content":"{{new string('x', bytes - 2)}}"}""";
    }

    /// <summary>Beside the service that may, of every kind of caller each: no role and no scope of a person opens it.</summary>
    [Fact]
    [Trait("Practice", "P10")]
    [Trait("Practice", "P11")]
    public async Task Nobody_else_asks_or_answers()
    {
        using var browser = host.Browse();
        var person = await AskedAsync(browser);
        using var orders = new ServiceCaller(host, "orders");
        var id = Assert.Single(await orders.OpenAsync(person)).Id;
        var path = $"/personal-parts/{id}";
        using var customer = host.Browse();
        var tokens = await customer.TokensAsync(await customer.NewPersonAsync());
        var demo = await customer.PostAsync("/connect/token", ("grant_type", "client_credentials"), ("client_id", "demo"), ("client_secret", IdentityHost.DemoSecret), ("scope", "catalog.read"));
        (string? Token, string? Cookie)[] others =
        [
            (null, null),
            (null, string.Join("; ", browser.Cookies.Select(cookie => $"{cookie.Key}={cookie.Value}"))),
            (tokens.GetProperty("access_token").GetString(), null),
            (demo.Json().GetProperty("access_token").GetString(), null),
            (await orders.TokenAsync("catalog.reserve"), null),
            (tokens.GetProperty("id_token").GetString(), null),
            ("not.a.token", null),
        ];
        foreach (var (token, cookie) in others)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await orders.SendAsync(HttpMethod.Get, "/personal-parts", token, cookie: cookie)).Status);
            Assert.Equal(HttpStatusCode.Unauthorized, (await orders.SendAsync(HttpMethod.Put, path, token, Empty, cookie)).Status);
        }

        // Nobody gets a token with the scope but the two services, and they get no other of a person's.
        foreach (var scope in (string[])["personal.answer", "personal.answer catalog.read"])
        {
            var refused = await customer.PostAsync("/connect/token", ("grant_type", "client_credentials"), ("client_id", "demo"), ("client_secret", IdentityHost.DemoSecret), ("scope", scope));
            Assert.Equal("invalid_scope", refused.Json().GetProperty("error").GetString());
        }

        Assert.Empty(ShopScopes.GrantableBy(Role.All, [Scope.PersonalAnswer]));
        Assert.DoesNotContain("personal.answer", (await customer.GetAsync("/.well-known/openid-configuration")).Body, StringComparison.Ordinal);
        var own = new JsonWebToken(await orders.TokenAsync());
        Assert.Equal("identity", Assert.Single(own.Audiences));
        Assert.Equal(("orders-service", "personal.answer"), (own.GetClaim("client_id").Value, own.GetClaim("scope").Value));
        Assert.Single(await orders.OpenAsync(person));
    }

    [Fact]
    public async Task There_is_one_copy_at_a_time_and_a_new_one_takes_the_place_of_what_was_answered()
    {
        using var browser = host.Browse();
        var person = await AskedAsync(browser);
        using var orders = new ServiceCaller(host, "orders");
        using var catalog = new ServiceCaller(host, "catalog");
        await Task.WhenAll(PostAsync(browser, "Export"), PostAsync(browser, "Export"));
        var id = Assert.Single(await orders.OpenAsync(person)).Id;
        foreach (var service in (ServiceCaller[])[orders, catalog])
            Assert.Equal(HttpStatusCode.NoContent, await service.AnswerAsync(id, Empty));
        Assert.Empty(await orders.OpenAsync(person));

        await Task.WhenAll(PostAsync(browser, "Export"), PostAsync(browser, "Export"));
        Assert.NotEqual(id, Assert.Single(await orders.OpenAsync(person)).Id);
        Assert.Equal(HttpStatusCode.NotFound, await orders.AnswerAsync(id, Empty));
    }

    [Fact]
    public async Task A_copy_is_over_after_a_day_and_removed()
    {
        var clock = new TestClock();
        await using var own = await IdentityHost.StartAtAsync(await IdentityHost.MigratedAsync(postgres), clock, shared.Redis.Settings);
        using var browser = own.Browse();
        var email = await browser.NewPersonAsync();
        await browser.LoginAsync(email);
        await PostAsync(browser, "Export");
        var person = await IdAsync(own, email);
        using var orders = new ServiceCaller(own, "orders");
        using var catalog = new ServiceCaller(own, "catalog");
        var id = Assert.Single(await orders.OpenAsync(person)).Id;
        Assert.Equal(HttpStatusCode.NoContent, await orders.AnswerAsync(id, """{"state":"done","content":["kanari"]}"""));

        clock.Advance(PersonalRequests.CopyLifetime);
        Assert.Empty(await catalog.OpenAsync(person));
        Assert.Equal(HttpStatusCode.NotFound, await catalog.AnswerAsync(id, Empty));
        await browser.LoginAsync(email);
        Assert.Contains("Put a copy together", (await browser.GetAsync(Page)).Body, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Found, (await PostAsync(browser, "Download")).Status);

        await own.Services.GetServices<Microsoft.Extensions.Hosting.IHostedService>().OfType<Tidying>().Single().RunOnceAsync(Cancelled);
        await using var database = IdentityHost.Context(own.Database);
        Assert.Empty(await database.Set<PersonalRequest>().ToListAsync(Cancelled));
        Assert.Empty(await database.Set<PersonalPart>().ToListAsync(Cancelled));
    }

    [Fact]
    [Trait("Practice", "P21")]
    public async Task What_was_answered_is_sealed_for_its_own_place()
    {
        await using var own = await IdentityHost.StartAsync(postgres, shared.Redis.Settings);
        using var orders = new ServiceCaller(own, "orders");
        using var catalog = new ServiceCaller(own, "catalog");
        using var alice = own.Browse();
        using var mallory = own.Browse();
        var (victim, thief) = (await AskedAsync(alice, own), await AskedAsync(mallory, own));
        var (theirs, mine) = (Assert.Single(await orders.OpenAsync(victim)).Id, Assert.Single(await orders.OpenAsync(thief)).Id);
        foreach (var id in (Guid[])[theirs, mine])
        {
            await orders.AnswerAsync(id, """{"state":"done","content":["kanari4711"]}""");
            await catalog.AnswerAsync(id, Empty);
        }

        Assert.False(DatabaseDump.Shows(await DatabaseDump.OfAsync(own.Database, Cancelled), "kanari4711"));
        Assert.Contains("kanari4711", (await PostAsync(mallory, "Download")).Body, StringComparison.Ordinal);

        // Who can write to the table does not get somebody else's copy by way of their own.
        await using (var database = IdentityHost.Context(own.Database))
            await database.Database.ExecuteSqlAsync($"update identity.personal_parts mine set content = theirs.content from identity.personal_parts theirs where mine.request_id = {mine} and theirs.request_id = {theirs} and mine.service = 'orders' and theirs.service = 'orders'", Cancelled);
        var stolen = await PostAsync(mallory, "Download");
        Assert.Equal(HttpStatusCode.InternalServerError, stolen.Status);
        Assert.DoesNotContain("kanari4711", stolen.Body, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Practice", "P43")]
    public async Task An_erasure_is_asked_of_every_service_and_takes_the_copies_along_and_nobody_takes_it_back()
    {
        using var browser = host.Browse();
        var email = await browser.NewPersonAsync();
        await browser.LoginAsync(email);
        await PostAsync(browser, "Export");
        var person = await IdAsync(host, email);
        using var orders = new ServiceCaller(host, "orders");
        using var catalog = new ServiceCaller(host, "catalog");
        var export = Assert.Single(await orders.OpenAsync(person)).Id;
        Assert.Contains("Your account is erased", (await PostAsync(browser, "Erase", ("Email", email))).Body, StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.NotFound, await orders.AnswerAsync(export, Empty));
        var (id, kind) = Assert.Single(await orders.OpenAsync(person));
        Assert.Equal("erase", kind);
        Assert.Equal([(id, "erase")], await catalog.OpenAsync(person));

        // It holds nothing that could be answered with what was to be erased.
        Assert.Equal(HttpStatusCode.BadRequest, await orders.AnswerAsync(id, Empty));
        foreach (var service in (ServiceCaller[])[orders, catalog, orders])
            Assert.Equal(HttpStatusCode.NoContent, await service.AnswerAsync(id, Erased));
        Assert.Empty(await orders.OpenAsync(person));
        await InTrailAsync(host, person, "PersonalPartAnswered");
        await using var database = IdentityHost.Context(host.Database);
        Assert.True((await database.Set<PersonalRequest>().AsNoTracking().Include(request => request.Parts).SingleAsync(request => request.Id == id, Cancelled)).IsComplete);

        // Whoever speaks in that person's name to the database removes nothing.
        await using var app = NpgsqlDataSource.Create(ReadyDatabases.As(host.Database, "identity_app"));
        await using var remove = app.CreateCommand($"begin; select set_config('shop.subject', '{person}', true); delete from identity.personal_requests where kind = 'Erase'; commit; select count(*) from identity.personal_requests");
        await remove.ExecuteNonQueryAsync(Cancelled);
        Assert.True(await database.Set<PersonalRequest>().AnyAsync(request => request.Id == id, Cancelled));
    }

    [Fact]
    public async Task An_erasure_that_is_refused_asks_nobody()
    {
        using var browser = host.Browse();
        var email = await browser.NewPersonAsync();
        await browser.LoginAsync(email);
        await PostAsync(browser, "Erase", ("Email", "other@people.example"));
        using var orders = new ServiceCaller(host, "orders");
        Assert.Empty(await orders.OpenAsync(await IdAsync(host, email)));
    }

    private static async Task InTrailAsync(IdentityHost host, Guid person, string name)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        await using var database = IdentityHost.Context(host.Database);
        while (!await database.Set<AuditRow>().AnyAsync(row => row.Subject == $"{person}" && row.EventName == name, limit.Token))
            await Task.Delay(50, limit.Token);
    }

    /// <summary>A new person, who has asked for a copy.</summary>
    private async Task<Guid> AskedAsync(Browser browser, IdentityHost? at = null)
    {
        var email = await browser.NewPersonAsync();
        await browser.LoginAsync(email);
        var asked = await PostAsync(browser, "Export");
        Assert.Equal((HttpStatusCode.Found, Page), (asked.Status, asked.Location!.PathAndQuery()));
        return await IdAsync(at ?? host, email);
    }

    private static Task<Answer> PostAsync(Browser browser, string handler, params (string Name, string? Value)[] form) => browser.SubmitAsync(Page, $"{Page}?handler={handler}", form);

    private static async Task<Guid> IdAsync(IdentityHost host, string email)
    {
        await using var database = IdentityHost.Context(host.Database);
        return await database.Users.Where(user => user.NormalizedEmail == IdentityHost.HashOf(email)).Select(user => user.Id).SingleAsync(Cancelled);
    }
}
