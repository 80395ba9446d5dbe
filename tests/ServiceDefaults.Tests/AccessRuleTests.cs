using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SecureShop.ServiceDefaults.Access;
using SecureShop.ServiceDefaults.Events;
using SecureShop.Testing;

namespace SecureShop.ServiceDefaults.Tests;

/// <summary>Rules over HTTP: what a caller is told, and that no endpoint goes without one.</summary>
public sealed class AccessRuleTests
{
    private static readonly AccessRule Write = AccessRule.ForScope(Scope.CatalogWrite).WithRoles(Role.Seller, Role.Admin);

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

    [Fact]
    [Trait("Practice", "P12")]
    public async Task A_caller_is_told_what_to_come_back_with_and_the_clock_decides()
    {
        var clock = new TestClock();
        clock.Stop();
        var events = new RecordedEvents();
        await using var issuer = await TestIssuer.StartAsync();
        await using var host = await ServiceHost.StartAsync(
            issuer,
            app => app.MapPost("/refund", () => "done").RequireAccess(AccessRule.ForScope(Scope.OrdersRefund).WithRoles(Role.Support).WithStepUp(Acr.MultiFactor, TimeSpan.FromMinutes(5))),
            builder =>
            {
                builder.Services.AddSingleton<TimeProvider>(clock);
                builder.Logging.AddProvider(events);
            });

        using var good = await SendAsync(Acr.MultiFactor, 300);
        Assert.Equal(HttpStatusCode.OK, good.StatusCode);
        Assert.Empty(events.All);

        foreach (var (acr, age) in new[] { (Acr.MultiFactor, 301), (Acr.SingleFactor, 0) })
        {
            using var refused = await SendAsync(acr, age);
            await ProblemAssert.IsProblemAsync(HttpStatusCode.Unauthorized, refused);
            Assert.Equal(
                $"Bearer error=\"insufficient_user_authentication\", acr_values=\"{Acr.MultiFactor}\", max_age=\"300\", {ServiceHost.Metadata}",
                refused.Headers.WwwAuthenticate.ToString());
        }

        Assert.Equal([RefusalReason.StepUp, RefusalReason.StepUp], events.All.Select(one => one["Reason"]));

        // Who lacks the role as well learns only that: signing in again would not help.
        using var role = await SendAsync(Acr.SingleFactor, 0, Role.Customer);
        await ProblemAssert.IsProblemAsync(HttpStatusCode.Forbidden, role);
        using var scope = await SendAsync(Acr.SingleFactor, 0, Role.Support, Scope.OrdersRead);
        await ProblemAssert.IsProblemAsync(HttpStatusCode.Forbidden, scope);

        Task<HttpResponseMessage> SendAsync(string acr, int age, string role = Role.Support, string scope = Scope.OrdersRefund)
            => host.SendAsync(HttpMethod.Post, "/refund", TestTokens.Create("catalog", "sue", [scope], [role], token =>
            {
                token.Claims["acr"] = acr;
                token.Claims["auth_time"] = clock.GetUtcNow().AddSeconds(-age).ToUnixTimeSeconds();
                token.Claims["exp"] = clock.GetUtcNow().AddMinutes(5).ToUnixTimeSeconds();
                token.Claims["iat"] = token.Claims["nbf"] = clock.GetUtcNow().ToUnixTimeSeconds();
            }));
    }

    [Fact]
    [Trait("Practice", "P33")]
    public async Task Who_is_signed_in_and_may_not_leaves_an_event_and_who_is_not_is_asked_to()
    {
        var events = new RecordedEvents();
        await using var issuer = await TestIssuer.StartAsync();

        // The default scheme stands for a session's here.
        await using var host = await ServiceHost.StartAsync(
            issuer,
            app => app.MapGet("/desk", () => "open").RequireAccess(AccessRule.ForSession().WithRoles(Role.Support)),
            builder => builder.Logging.AddProvider(events));
        using var sue = await host.GetAsync("/desk", TestTokens.Create("catalog", "sue", [Scope.CatalogRead], [Role.Support]));
        Assert.Equal(HttpStatusCode.OK, sue.StatusCode);
        Assert.Empty(events.All);

        using var alice = await host.GetAsync("/desk", TestTokens.Create("catalog", "alice", [Scope.CatalogRead], [Role.Customer]));
        Assert.Equal(HttpStatusCode.Forbidden, alice.StatusCode);
        var refused = Assert.Single(events.All);
        Assert.Equal((RefusalReason.MissingRole, "403", "alice"), (refused["Reason"], refused["Status"], refused["Subject"]));

        using var nobody = await host.GetAsync("/desk");
        Assert.Equal(HttpStatusCode.Unauthorized, nobody.StatusCode);
        Assert.DoesNotContain(events.All.Skip(1), one => one["Reason"] == RefusalReason.MissingRole);
    }

    [Fact]
    [Trait("Practice", "P33")]
    public async Task An_endpoint_without_a_rule_says_so_to_those_who_watch()
    {
        var events = new RecordedEvents();
        await using var issuer = await TestIssuer.StartAsync();
        await using var host = await ServiceHost.StartAsync(issuer, _ => { }, builder => builder.Logging.AddProvider(events));
        host.App.MapGet("/late", () => "open");
        using var refused = await host.GetAsync("/late", TestTokens.Create("catalog", "adam", Scope.All, Role.All));
        await ProblemAssert.IsProblemAsync(HttpStatusCode.Forbidden, refused);
        Assert.Equal(RefusalReason.NoRule, Assert.Single(events.All)["Reason"]);

        using var nothing = await host.GetAsync("/nothing");
        await ProblemAssert.IsProblemAsync(HttpStatusCode.NotFound, nothing);
        Assert.Single(events.All);
    }
}
