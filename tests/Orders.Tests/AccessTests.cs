using System.Net;
using SecureShop.Orders.Tests.Support;
using SecureShop.ServiceDefaults.Access;
using SecureShop.Testing;

namespace SecureShop.Orders.Tests;

/// <summary>Who may do what, both sides of each rule.</summary>
public sealed class AccessTests(OrdersHost host) : IClassFixture<OrdersHost>
{
    public static TheoryData<string, string, string, string[]> Endpoints => new()
    {
        { "POST", "/", Scope.OrdersWrite, [Role.Customer] },
        { "GET", "/", Scope.OrdersRead, [Role.Customer, Role.Seller, Role.Support, Role.Admin] },
        { "GET", "/ID", Scope.OrdersRead, [Role.Customer, Role.Seller, Role.Support, Role.Admin] },
        { "POST", "/ID/cancel", Scope.OrdersWrite, [Role.Customer] },
        { "GET", "/all", Scope.OrdersAdmin, [Role.Support, Role.Admin] },
    };

    public static TheoryData<string> Forgeries => [.. ForgedTokens.Names];

    [Theory]
    [Trait("Practice", "P10")]
    [Trait("Practice", "P12")]
    [Trait("Practice", "P15")]
    [MemberData(nameof(Endpoints))]
    public async Task Each_endpoint_serves_its_roles_with_its_scope_and_nobody_else(string method, string path, string scope, string[] roles)
    {
        ArgumentNullException.ThrowIfNull(roles);
        ArgumentNullException.ThrowIfNull(path);
        var product = host.Catalog.Add();
        foreach (var role in Role.All)
        {
            var subject = $"{role}-{Guid.NewGuid():N}";
            var id = path.Contains("ID", StringComparison.Ordinal) ? await host.As(Role.Customer, subject).PlacedAsync(product) : Guid.Empty;
            var others = Scope.All.Where(other => other != scope).ToArray();

            using var allowed = await CallAsync(host.As(role, subject, scope), method, path, id, product);
            using var without = await CallAsync(host.As(role, subject, others), method, path, id, product);
            using var prefixed = await CallAsync(host.As(role, subject, scope + "er"), method, path, id, product);

            Assert.True(
                allowed.IsSuccessStatusCode == roles.Contains(role) && (allowed.IsSuccessStatusCode || allowed.StatusCode == HttpStatusCode.Forbidden),
                $"{role}: {allowed.StatusCode}");
            await without.ProblemAsync(HttpStatusCode.Forbidden);
            await prefixed.ProblemAsync(HttpStatusCode.Forbidden);
        }
    }

    [Theory]
    [Trait("Practice", "P15")]
    [MemberData(nameof(Endpoints))]
    public async Task Guests_are_sent_away(string method, string path, string scope, string[] roles)
    {
        Assert.NotEmpty(roles);
        Assert.NotEmpty(scope);
        ArgumentNullException.ThrowIfNull(path);
        using var request = new HttpRequestMessage(new HttpMethod(method), path.Replace("ID", Guid.NewGuid().ToString(), StringComparison.Ordinal));

        using var answer = await host.Client.SendAsync(request, TestContext.Current.CancellationToken);

        await answer.ProblemAsync(HttpStatusCode.Unauthorized);
        Assert.Contains("Bearer", answer.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [Trait("Practice", "P02")]
    [MemberData(nameof(Forgeries))]
    public async Task A_forged_token_is_refused(string forgery)
    {
        var token = ForgedTokens.Create(forgery, "orders", "alice", [Scope.OrdersRead], [Role.Customer]);

        using var forged = await (host.Customer() with { Token = token }).GetAsync("/");
        using var good = await host.Customer().GetAsync("/");

        await forged.ProblemAsync(HttpStatusCode.Unauthorized);
        Assert.Equal(HttpStatusCode.OK, good.StatusCode);
    }

    [Fact]
    [Trait("Practice", "P14")]
    [Trait("Practice", "P16")]
    public async Task Somebody_elses_order_looks_like_none()
    {
        var (alice, bob) = (host.Customer(), host.Customer());
        var id = await alice.PlacedAsync(host.Catalog.Add());

        using var theirs = await bob.GetAsync($"/{id}");
        using var none = await bob.GetAsync($"/{Guid.CreateVersion7()}");
        using var cancelTheirs = await bob.CancelAsync(id);
        using var cancelNone = await bob.CancelAsync(Guid.CreateVersion7());

        Assert.Equal(await none.ProblemAsync(HttpStatusCode.NotFound), await theirs.ProblemAsync(HttpStatusCode.NotFound));
        Assert.Equal(await cancelNone.ProblemAsync(HttpStatusCode.NotFound), await cancelTheirs.ProblemAsync(HttpStatusCode.NotFound));
        using var own = await alice.GetAsync($"/{id}");
        Assert.Equal("placed", (await own.JsonAsync()).GetProperty("state").GetString());
    }

    [Theory]
    [Trait("Practice", "P11")]
    [InlineData(Role.Support, Scope.OrdersAdmin, HttpStatusCode.OK)]
    [InlineData(Role.Admin, Scope.OrdersAdmin, HttpStatusCode.OK)]
    [InlineData(Role.Support, Scope.OrdersWrite, HttpStatusCode.NotFound)]
    [InlineData(Role.Seller, Scope.OrdersAdmin, HttpStatusCode.NotFound)]
    [InlineData(Role.Customer, Scope.OrdersAdmin, HttpStatusCode.NotFound)]
    public async Task Staff_read_any_order_when_role_and_scope_say_so(string role, string scope, HttpStatusCode expected)
    {
        var id = await host.Customer().PlacedAsync(host.Catalog.Add());

        using var answer = await host.As(role, subject: null, Scope.OrdersRead, scope).GetAsync($"/{id}");

        Assert.Equal(expected, answer.StatusCode);
    }

    [Fact]
    [Trait("Practice", "P16")]
    public async Task Staff_do_not_cancel_for_others()
    {
        var id = await host.Customer().PlacedAsync(host.Catalog.Add());

        using var admin = await host.As(Role.Admin).CancelAsync(id);

        await admin.ProblemAsync(HttpStatusCode.Forbidden);
        Assert.True(host.Catalog.Holds(id));
    }

    private static Task<HttpResponseMessage> CallAsync(Caller caller, string method, string path, Guid id, TestProduct product) =>
        method == "POST" && path == "/"
            ? caller.PlaceAsync(Body.Of((product, 1)))
            : caller.SendAsync(new HttpRequestMessage(new HttpMethod(method), path.Replace("ID", id.ToString(), StringComparison.Ordinal)));
}
