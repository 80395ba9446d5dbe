using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using SecureShop.ServiceDefaults.Access;
using SecureShop.ServiceDefaults.Services;
using SecureShop.Testing;

namespace SecureShop.ServiceDefaults.Tests;

/// <summary>One service calls another: with its own token, within limits, and nowhere else.</summary>
public sealed class ServiceClientTests : IAsyncLifetime
{
    private readonly TestClock clock = new();
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly List<JsonWebToken> assertions = [];
    private TestIssuer issuer = null!;
    private LoopbackServer catalog = null!;
    private LoopbackServer replica = null!;
    private ServiceProvider services = null!;
    private Func<HttpContext, IResult> behaviour = _ => Results.Ok("fine");
    private int calls;
    private int replicaCalls;
    private int tokens;

    private CatalogClient Client => services.GetRequiredService<CatalogClient>();

    public async ValueTask InitializeAsync()
    {
        issuer = await TestIssuer.StartAsync(app => app.MapPost("/connect/token", async (HttpContext context) =>
        {
            var form = await context.Request.ReadFormAsync();
            lock (assertions)
                assertions.Add(new JsonWebToken(form["client_assertion"]));
            var number = Interlocked.Increment(ref tokens);
            return Results.Json(new { access_token = $"token-{number}", token_type = "Bearer", expires_in = 300, scope = form["scope"].ToString() });
        }));
        catalog = await new LoopbackServer(app => app.Run(context =>
        {
            Interlocked.Increment(ref calls);
            return behaviour(context).ExecuteAsync(context);
        })).StartAsync();
        replica = await new LoopbackServer(app => app.Run(context =>
        {
            Interlocked.Increment(ref replicaCalls);
            return Results.Ok("from the replica").ExecuteAsync(context);
        })).StartAsync();
        services = Build();
    }

    private ServiceProvider Build(params (string Key, string? Value)[] settings)
    {

        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Configuration.AddInMemoryCollection(issuer.Settings);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["services:catalog:https:0"] = catalog.Address.AbsoluteUri,
            ["ServiceClient:Id"] = "orders-service",
            ["ServiceClient:Key"] = Convert.ToBase64String(key.ExportPkcs8PrivateKey()),
        });
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, setting.Value)));
        builder.Services.AddSingleton<IConfiguration>(builder.Configuration);
        builder.Services.AddSingleton<TimeProvider>(clock);
        builder.AddServiceClient<CatalogClient>("catalog", Scope.CatalogReserve);
        return builder.Services.BuildServiceProvider();
    }

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        await catalog.DisposeAsync();
        await replica.DisposeAsync();
        await issuer.DisposeAsync();
        key.Dispose();
    }

    [Fact]
    public async Task Calls_carry_one_token_until_it_is_about_to_expire()
    {
        var seen = new System.Collections.Concurrent.ConcurrentBag<string>();
        behaviour = context =>
        {
            seen.Add(context.Request.Headers.Authorization.ToString());
            return Results.Ok();
        };

        await Parallel.ForAsync(0, 20, async (_, cancellation) => (await Client.Http.GetAsync("/products", cancellation)).Dispose());
        Assert.Equal(20, seen.Count);
        Assert.Equal(["Bearer token-1"], seen.Distinct(StringComparer.Ordinal));

        clock.Advance(TimeSpan.FromSeconds(280));
        (await GetAsync()).Dispose();
        Assert.Contains("Bearer token-2", seen);
        Assert.Equal(2, tokens);
    }

    [Fact]
    public async Task A_refused_token_is_not_used_again()
    {
        behaviour = _ => Results.Unauthorized();
        using var refused = await GetAsync();
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        behaviour = _ => Results.Ok();
        (await GetAsync()).Dispose();
        Assert.Equal(2, tokens);
    }

    [Fact]
    public async Task The_service_proves_itself_by_a_signature_made_for_the_issuer_alone_and_used_once()
    {
        (await GetAsync()).Dispose();
        clock.Advance(TimeSpan.FromMinutes(6));
        (await GetAsync()).Dispose();

        Assert.Equal(2, assertions.Select(assertion => assertion.Id).Distinct(StringComparer.Ordinal).Count());
        var assertion = assertions[0];
        Assert.Equal("orders-service", assertion.Issuer);
        Assert.Equal("orders-service", assertion.Subject);
        Assert.Equal([TestTokens.Issuer], assertion.Audiences);
        Assert.Equal("ES256", assertion.Alg);
        Assert.True(assertion.ValidTo - assertion.ValidFrom <= TimeSpan.FromMinutes(1));
        var parts = assertion.EncodedToken.Split('.');
        Assert.True(key.VerifyData(System.Text.Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), System.Buffers.Text.Base64Url.DecodeFromChars(parts[2]), HashAlgorithmName.SHA256));
    }

    [Fact]
    [Trait("Practice", "P29")]
    public async Task A_safe_call_is_tried_again_and_a_post_is_not()
    {
        behaviour = _ => calls == 1 ? Results.StatusCode(503) : Results.Ok();
        using var read = await GetAsync();
        Assert.Equal(HttpStatusCode.OK, read.StatusCode);
        Assert.Equal(2, calls);

        calls = 0;
        using var written = await Client.Http.PostAsync("/products", null, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, written.StatusCode);
        Assert.Equal(1, calls);
    }

    [Fact]
    [Trait("Practice", "P29")]
    public async Task A_call_marked_idempotent_is_tried_again_with_its_body()
    {
        var bodies = new List<string>();
        behaviour = context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            bodies.Add(reader.ReadToEndAsync().GetAwaiter().GetResult());
            return calls == 1 ? Results.StatusCode(503) : Results.Ok();
        };
        using var request = new HttpRequestMessage(HttpMethod.Put, "/reservations/1") { Content = JsonContent.Create(new { quantity = 3 }) };
        using var answer = await Client.Http.SendAsync(request.MarkIdempotent(), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(["""{"quantity":3}""", """{"quantity":3}"""], bodies);
    }

    [Fact]
    [Trait("Practice", "P29")]
    [Trait("Practice", "P38")]
    public async Task When_most_calls_fail_the_circuit_opens_and_closes_again_later()
    {
        behaviour = _ => Results.StatusCode(500);
        for (var attempt = 0; attempt < 10; attempt++)
            (await Client.Http.PostAsync("/products", null, TestContext.Current.CancellationToken)).Dispose();
        Assert.Equal(10, calls);

        var refused = await Assert.ThrowsAsync<HttpRequestException>(() => Client.Http.PostAsync("/products", null, TestContext.Current.CancellationToken));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Equal(10, calls);

        behaviour = _ => Results.Ok();
        clock.Advance(TimeSpan.FromSeconds(6));
        using var served = await Client.Http.PostAsync("/products", null, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, served.StatusCode);
    }

    [Fact]
    [Trait("Practice", "P39")]
    public async Task A_redirect_is_not_followed()
    {
        behaviour = context => Results.Redirect(context.Request.Path == "/products" ? $"{catalog.Address}stolen" : "/x");
        await Assert.ThrowsAsync<HttpRequestException>(() => Client.Http.PostAsync("/products", null, TestContext.Current.CancellationToken));
        Assert.Equal(1, calls);
    }

    [Theory]
    [InlineData("https://169.254.169.254/latest/meta-data")]
    [InlineData("https://localhost/admin")]
    [InlineData("http://catalog/products")]
    [InlineData("https://catalog:8443/products")]
    [InlineData("https://catalog.evil.example/products")]
    [InlineData("https://catalog@evil.example/products")]
    [InlineData("https://someone:secret@catalog/products")]
    [Trait("Practice", "P39")]
    public async Task Another_place_is_never_called_and_never_sees_the_token(string address)
    {
        await Assert.ThrowsAsync<HttpRequestException>(() => Client.Http.GetAsync(new Uri(address), TestContext.Current.CancellationToken));
        Assert.Equal(0, calls);
    }

    [Theory]
    [InlineData("//{0}/x")]
    [InlineData("/\\{0}/x")]
    [InlineData("https:{0}/x")]
    [InlineData("https://catalog//{0}/x")]
    [InlineData("https://catalog///{0}/x")]
    [InlineData("https://catalog/x//{0}")]
    [InlineData("https://catalog/\\{0}/x")]
    [InlineData("https://catalog/%2F{0}/x")]
    [InlineData("https://catalog/%2f%2f{0}/x")]
    [InlineData("https://catalog/%5C{0}/x")]
    [InlineData("https://catalog/%252F{0}/x")]
    [InlineData("https://catalog/..//{0}/x")]
    [InlineData("https://catalog/@{0}/x")]
    [InlineData("https://catalog/https://{0}/x")]
    [InlineData("https://catalog/x;/{0}")]
    [InlineData("/%2F{0}/x")]
    [InlineData("/x/..//{0}/x")]
    [InlineData("https://catalog./x?{0}")]
    [InlineData("https://c\u0430talog/x?{0}")]
    [InlineData("https://catalog\u3002{0}/x")]
    [InlineData("https://_default.catalog/x?{0}")]
    [InlineData("https://catalog#@{0}/../x", true)]
    [Trait("Practice", "P39")]
    public async Task An_address_that_could_be_read_to_name_another_host_is_refused(string format, bool isPlain = false)
    {
        // Somebody else, whom every one of these addresses could be read to name.
        var address = string.Format(CultureInfo.InvariantCulture, format, replica.Address.Authority);
        var call = Client.Http.GetAsync(new Uri(address, UriKind.RelativeOrAbsolute), TestContext.Current.CancellationToken);
        if (isPlain)
            (await call).Dispose();
        else
            await Assert.ThrowsAsync<HttpRequestException>(() => call);
        Assert.Equal((isPlain ? 1 : 0, 0, isPlain ? 1 : 0), (calls, replicaCalls, tokens));
    }

    [Theory]
    [InlineData("https://catalog/x/../y")]
    [InlineData("https://catalog/./y")]
    [InlineData("https://catalog/x/..")]
    [InlineData("https://catalog/x\\y")]
    [InlineData("https://catalog?y")]
    [Trait("Practice", "P39")]
    public async Task A_path_that_nobody_tidied_up_is_refused(string text)
    {
        var address = new Uri(text, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        await Assert.ThrowsAsync<HttpRequestException>(() => Client.Http.GetAsync(address, TestContext.Current.CancellationToken));
        Assert.Equal((0, 0), (calls, tokens));
    }

    [Theory]
    [InlineData("/products")]
    [InlineData("https://catalog/products")]
    [InlineData("https://CATALOG:443/products?next=https://other.example//x")]
    [InlineData("/a-b_c.d~e/0198f000-0000-7000-8000-000000000001")]
    [Trait("Practice", "P39")]
    public async Task A_plain_address_of_the_service_is_called(string address)
    {
        using var answer = await Client.Http.GetAsync(new Uri(address, UriKind.RelativeOrAbsolute), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal((1, 1), (calls, tokens));
    }

    [Fact]
    [Trait("Practice", "P39")]
    public async Task A_call_does_not_name_another_host_in_its_header()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/products") { Headers = { Host = "other.example" } };
        await Assert.ThrowsAsync<HttpRequestException>(() => Client.Http.SendAsync(request, TestContext.Current.CancellationToken));
        Assert.Equal((0, 0), (calls, tokens));
    }

    [Fact]
    [Trait("Practice", "P39")]
    public void A_synchronous_call_does_not_pass_by_the_guards()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "https://localhost/products");
        Assert.Throws<NotSupportedException>(() => Client.Http.Send(request, TestContext.Current.CancellationToken));
    }

    [Fact]
    [Trait("Practice", "P39")]
    public async Task Refused_addresses_do_not_open_the_circuit()
    {
        for (var attempt = 0; attempt < 20; attempt++)
            await Assert.ThrowsAsync<HttpRequestException>(() => Client.Http.GetAsync("https://catalog//x", TestContext.Current.CancellationToken));
        using var served = await GetAsync();
        Assert.Equal(HttpStatusCode.OK, served.StatusCode);
    }

    [Theory]
    [InlineData("services:catalog:default:0")]
    [InlineData("services:catalog:default")]
    [InlineData("services:catalog:https")]
    [Trait("Practice", "P39")]
    public async Task An_address_that_takes_the_place_of_the_configured_ones_gets_nothing(string key)
    {
        await using var steered = Build((key, replica.Address.AbsoluteUri));
        Assert.Throws<OptionsValidationException>(() => steered.GetRequiredService<IStartupValidator>().Validate());

        // Set after the start, it is found, and not called.
        await using var later = Build();
        var client = later.GetRequiredService<CatalogClient>();
        (await client.Http.GetAsync("/products", TestContext.Current.CancellationToken)).Dispose();
        var configuration = (IConfigurationRoot)later.GetRequiredService<IConfiguration>();
        configuration[key] = replica.Address.AbsoluteUri;
        configuration.Reload();
        await Assert.ThrowsAsync<HttpRequestException>(() => client.Http.PostAsync("/products", null, TestContext.Current.CancellationToken));
        Assert.Equal((1, 0), (calls, replicaCalls));
    }

    [Fact]
    [Trait("Practice", "P38")]
    public async Task A_retry_may_reach_another_replica()
    {
        await using var two = Build(("services:catalog:https:1", replica.Address.AbsoluteUri));
        behaviour = _ => Results.StatusCode(503);
        for (var call = 1; call <= 4; call++)
        {
            using var answer = await two.GetRequiredService<CatalogClient>().Http.GetAsync("/products", TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal(call, replicaCalls);
        }

        Assert.InRange(calls, 1, 4);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("catalog.example")]
    [InlineData("http://localhost:5001")]
    [InlineData("https://localhost:5001/path")]
    [InlineData("https://localhost:5001?x")]
    [InlineData("https://localhost:5001#x")]
    [InlineData("https://someone@localhost:5001")]
    [Trait("Practice", "P39")]
    public async Task A_service_without_an_https_address_is_not_looked_for_elsewhere(string? address)
    {
        await using var lost = Build(("services:catalog:https:0", address));
        var failure = Assert.Throws<OptionsValidationException>(() => lost.GetRequiredService<IStartupValidator>().Validate());
        Assert.Contains("services__catalog__https__0", failure.Message, StringComparison.Ordinal);
        Assert.Throws<OptionsValidationException>(lost.GetRequiredService<CatalogClient>);
    }

    [Fact]
    [Trait("Practice", "P21")]
    public async Task A_service_behind_an_ingress_is_asked_for_and_verified_by_its_own_name()
    {
        Assert.SkipUnless(Ingress.IsPossible, Ingress.Needs);
        await using var ingress = await Ingress.StartAsync(Ingress.Inside(1));
        await using var inside = await new LoopbackServer(app => app.Run(context => context.Response.WriteAsync(context.Request.Headers.Host.ToString())), plain: true).StartAsync();
        ingress.Route(Ingress.Inside(1), inside.Address);
        var address = ingress.Address(Ingress.Inside(1));
        await using var good = Build(("Services:TrustedRoots", ingress.TrustedRoots), ("services:catalog:https:0", address.AbsoluteUri));
        Assert.Equal(address.Authority, await good.GetRequiredService<CatalogClient>().Http.GetStringAsync("/products", TestContext.Current.CancellationToken));

        // The same server by a name that its certificate does not have.
        await using var other = Build(("Services:TrustedRoots", ingress.TrustedRoots), ("services:catalog:https:0", $"https://127.77.1.1:{address.Port}"));
        var failure = await Assert.ThrowsAsync<HttpRequestException>(() => other.GetRequiredService<CatalogClient>().Http.GetAsync("/products", TestContext.Current.CancellationToken));
        Assert.Equal(HttpRequestError.SecureConnectionError, failure.HttpRequestError);
    }

    [Fact]
    [Trait("Practice", "P39")]
    public async Task An_endless_answer_is_cut_off()
    {
        behaviour = _ => Results.Text(new string('x', 1024 * 1024 + 1));
        await Assert.ThrowsAsync<HttpRequestException>(() => Client.Http.PostAsync("/products", null, TestContext.Current.CancellationToken));
    }

    [Fact]
    [Trait("Practice", "P38")]
    public async Task Without_a_token_nothing_is_sent()
    {
        await issuer.DisposeAsync();
        await Assert.ThrowsAsync<HttpRequestException>(() => Client.Http.PostAsync("/products", null, TestContext.Current.CancellationToken));
        Assert.Equal(0, calls);
    }

    private Task<HttpResponseMessage> GetAsync() => Client.Http.GetAsync("/products", TestContext.Current.CancellationToken);

    private sealed class CatalogClient(HttpClient http)
    {
        public HttpClient Http { get; } = http;
    }
}
