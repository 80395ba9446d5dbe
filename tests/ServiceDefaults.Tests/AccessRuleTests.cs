using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using SecureShop.ServiceDefaults.Access;
using SecureShop.Testing;

namespace SecureShop.ServiceDefaults.Tests;

public sealed class AccessRuleTests
{
    private static readonly AccessRule Write = AccessRule.ForScope(Scope.CatalogWrite).WithRoles(Role.Seller, Role.Admin);

    [Theory]
    [InlineData("catalog.write", "seller", nameof(AccessDecision.Allowed))]
    [InlineData("catalog.read catalog.write", "customer,admin", nameof(AccessDecision.Allowed))]
    [InlineData("catalog.read", "admin", nameof(AccessDecision.MissingScope))]
    [InlineData("", "admin", nameof(AccessDecision.MissingScope))]
    [InlineData("catalog.write.all", "admin", nameof(AccessDecision.MissingScope))]
    [InlineData("catalog.writ", "admin", nameof(AccessDecision.MissingScope))]
    [InlineData("CATALOG.WRITE", "admin", nameof(AccessDecision.MissingScope))]
    [InlineData("xcatalog.write", "admin", nameof(AccessDecision.MissingScope))]
    [InlineData("catalog.write", "customer", nameof(AccessDecision.MissingRole))]
    [InlineData("catalog.write", "support", nameof(AccessDecision.MissingRole))]
    [InlineData("catalog.write", "Seller", nameof(AccessDecision.MissingRole))]
    [InlineData("catalog.write", "seller admin", nameof(AccessDecision.MissingRole))]
    [InlineData("catalog.write", "", nameof(AccessDecision.MissingRole))]
    [Trait("Practice", "P10")]
    [Trait("Practice", "P12")]
    public void A_token_needs_the_scope_and_a_role_each_whole(string scope, string roles, string expected)
    {
        var user = User(scope, roles.Split(','));
        Assert.Equal(expected, AccessDecisions.Decide(Write, user, credentialPresented: true, forwarded: true).ToString());
    }

    [Fact]
    [Trait("Practice", "P12")]
    public void A_guest_is_served_only_without_any_credential()
    {
        var guest = new ClaimsPrincipal(new ClaimsIdentity());
        var rule = AccessRule.ForScope(Scope.CatalogRead);
        Assert.Equal(AccessDecision.Allowed, AccessDecisions.Decide(rule.OrGuests(), guest, credentialPresented: false, forwarded: true));
        Assert.Equal(AccessDecision.BadCredential, AccessDecisions.Decide(rule.OrGuests(), guest, credentialPresented: true, forwarded: true));
        Assert.Equal(AccessDecision.NoCredential, AccessDecisions.Decide(rule, guest, credentialPresented: false, forwarded: true));
    }

    [Fact]
    [Trait("Practice", "P12")]
    public void Claims_without_authentication_count_for_nothing()
    {
        var user = new ClaimsPrincipal(new ClaimsIdentity([new("scope", Scope.CatalogWrite), new("role", Role.Admin), new("sub", "mallory")]));
        Assert.False(user.HasScope(Scope.CatalogWrite));
        Assert.False(user.HasRole(Role.Admin));
        Assert.Null(user.SubjectOrNull());
    }

    [Fact]
    [Trait("Practice", "P12")]
    public void A_role_is_held_by_somebody_and_so_is_an_object()
    {
        var nobody = new ClaimsPrincipal(new ClaimsIdentity([new("scope", "catalog.write orders.read"), new("role", Role.Admin)], "test"));
        var twice = new ClaimsPrincipal(new ClaimsIdentity([.. nobody.Claims, new("sub", "alice"), new("sub", "bob")], "test"));
        var somebody = new ClaimsPrincipal(new ClaimsIdentity([.. nobody.Claims, new("sub", "alice")], "test"));
        AccessRule open = AccessRule.ForScope(Scope.OrdersRead), own = open.WithOwnership(Ownership.Of(Owner.Customer)), partly = open.WithOwnership(Ownership.Of(Owner.Customer).OfPrivatePart());
        foreach (var (rule, needsSomebody) in new[] { (Write, true), (own, true), (open, false), (partly, false) })
        {
            var expected = needsSomebody ? AccessDecision.MissingRole : AccessDecision.Allowed;
            Assert.Equal(expected, AccessDecisions.Decide(rule, nobody, credentialPresented: true, forwarded: true));
            Assert.Equal(expected, AccessDecisions.Decide(rule, twice, credentialPresented: true, forwarded: true));
            Assert.Equal(AccessDecision.Allowed, AccessDecisions.Decide(rule, somebody, credentialPresented: true, forwarded: true));
        }
    }

    [Fact]
    public void Two_subjects_are_none()
    {
        var user = new ClaimsPrincipal(new ClaimsIdentity([new("sub", "alice"), new("sub", "bob")], "test"));
        Assert.Throws<InvalidOperationException>(() => user.Subject());
    }

    [Fact]
    [Trait("Practice", "P12")]
    public async Task Refusals_say_what_is_missing_and_nothing_more()
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var host = await ServiceHost.StartAsync(issuer, app => app.MapPost("/products", () => "made").RequireAccess(Write));

        using var made = await host.SendAsync(HttpMethod.Post, "/products", TestTokens.Create("catalog", "sam", [Scope.CatalogWrite], [Role.Seller]));
        Assert.Equal(HttpStatusCode.OK, made.StatusCode);

        using var scope = await host.SendAsync(HttpMethod.Post, "/products", TestTokens.Create("catalog", "adam", [Scope.CatalogRead], [Role.Admin]));
        await ProblemAssert.IsProblemAsync(HttpStatusCode.Forbidden, scope);
        Assert.Equal($"Bearer error=\"insufficient_scope\", scope=\"catalog.write\", {ServiceHost.Metadata}", scope.Headers.WwwAuthenticate.ToString());

        using var role = await host.SendAsync(HttpMethod.Post, "/products", TestTokens.Create("catalog", "alice", [Scope.CatalogWrite], [Role.Customer]));
        await ProblemAssert.IsProblemAsync(HttpStatusCode.Forbidden, role);
    }

    [Fact]
    [Trait("Practice", "P15")]
    public async Task A_start_fails_that_forgot_a_rule_gave_two_or_switched_it_off()
    {
        await using var issuer = await TestIssuer.StartAsync();
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => ServiceHost.StartAsync(issuer, app =>
        {
            app.MapGet("/good", () => "").RequireAccess(Write);
            app.MapGet("/forgotten", () => "");
            app.MapGet("/twice", () => "").RequireAccess(Write).RequireAccess(AccessRule.Internal);
            app.MapGet("/off", () => "").RequireAccess(Write).AllowAnonymous();
        }));
        Assert.Contains("GET /forgotten has none", failure.Message, StringComparison.Ordinal);
        Assert.Contains("GET /twice has 2", failure.Message, StringComparison.Ordinal);
        Assert.Contains("GET /off also says AllowAnonymous", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("/good", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Practice", "P15")]
    public async Task An_endpoint_without_a_rule_is_closed_even_when_nobody_verified()
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var host = await ServiceHost.StartAsync(issuer, _ => { });
        host.App.MapGet("/late", () => "open");
        host.App.MapGet("/authorized", () => "open").RequireAuthorization();

        foreach (var path in new[] { "/late", "/authorized" })
        {
            using var answer = await host.GetAsync(path, TestTokens.Create("catalog", "adam", Scope.All, Role.All));
            await ProblemAssert.IsProblemAsync(HttpStatusCode.Forbidden, answer);
        }
    }

    [Fact]
    [Trait("Practice", "P15")]
    public async Task A_start_fails_where_the_table_and_the_endpoints_differ()
    {
        AccessRow made = new("MakeThing", "catalog", "POST", "/things", Write), other = new("ReadThing", "catalog", "GET", "/things/{id}", Write);
        await using var issuer = await TestIssuer.StartAsync();

        var swapped = await Assert.ThrowsAsync<InvalidOperationException>(() => ServiceHost.StartAsync(issuer, app =>
        {
            app.MapGroup("/things").MapPost("/", () => "").RequireAccess(made);
            app.MapGet("/secrets/{id}", () => "").RequireAccess(other);
        }));
        Assert.Contains("GET /secrets/{id} has the row of GET /things/{id}", swapped.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("POST", swapped.Message, StringComparison.Ordinal);

        await using var host = await ServiceHost.StartAsync(issuer, app => app.MapPost("/things", () => "").RequireAccess(made));
        host.App.VerifyAccessRules([made]);
        Assert.Contains("nothing serves ReadThing", Assert.Throws<InvalidOperationException>(() => host.App.VerifyAccessRules([made, other])).Message, StringComparison.Ordinal);
        Assert.Contains("POST /things has no row", Assert.Throws<InvalidOperationException>(() => host.App.VerifyAccessRules([])).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("X-Forwarded-For")]
    [InlineData("X-Forwarded-Host")]
    [InlineData("Forwarded")]
    [Trait("Practice", "P15")]
    public async Task Internal_endpoints_answer_no_one_who_came_through_a_proxy(string header)
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var host = await ServiceHost.StartAsync(issuer, _ => { });
        foreach (var path in new[] { "/health/live", "/health/ready", "/openapi/v1.json" })
        {
            using var inside = await host.GetAsync(path);
            Assert.Equal(HttpStatusCode.OK, inside.StatusCode);

            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Add(header, "203.0.113.7");
            using var outside = await host.Client.SendAsync(request, TestContext.Current.CancellationToken);
            await ProblemAssert.IsProblemAsync(HttpStatusCode.NotFound, outside);
        }
    }

    [Fact]
    public async Task Rules_do_not_turn_routing_answers_into_refusals()
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var host = await ServiceHost.StartAsync(issuer, app => app.MapPost("/products", (Dictionary<string, string> body) => body).RequireAccess(Write));
        using var unknown = await host.GetAsync("/nothing");
        await ProblemAssert.IsProblemAsync(HttpStatusCode.NotFound, unknown);
        using var method = await host.SendAsync(HttpMethod.Delete, "/products");
        await ProblemAssert.IsProblemAsync(HttpStatusCode.MethodNotAllowed, method);
        Assert.Equal(["POST"], method.Content.Headers.Allow);
    }

    private static ClaimsPrincipal User(string scope, string[] roles)
        => new(new ClaimsIdentity([new("sub", "someone"), new("scope", scope), .. roles.Select(role => new Claim("role", role))], "test"));
}
