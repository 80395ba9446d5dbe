using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using SecureShop.ServiceDefaults.Access;
using SecureShop.ServiceDefaults.Events;
using SecureShop.Testing;

namespace SecureShop.ServiceDefaults.Tests;

/// <summary>Every denial of a service leaves one event with its id and reason; what is served leaves none.</summary>
public sealed class SecurityEventTests : IAsyncLifetime
{
    private readonly RecordedEvents events = new();
    private readonly TaskCompletionSource seen = new();
    private TestIssuer issuer = null!;
    private ServiceHost host = null!;

    public static TheoryData<string, string> Forgeries => new()
    {
        { "algorithm none", RefusalReason.TokenAlgorithm },
        { "algorithm None, other case", RefusalReason.TokenAlgorithm },
        { "HS256 with the public key as secret", RefusalReason.TokenAlgorithm },
        { "HS256 with the public key's PEM as secret", RefusalReason.TokenAlgorithm },
        { "signature cut off", RefusalReason.TokenSignature },
        { "signature all zero", RefusalReason.TokenSignature },
        { "another key under the known id", RefusalReason.TokenSignature },
        { "payload changed after signing", RefusalReason.TokenSignature },
        { "another key under its own id", RefusalReason.TokenKey },
        { "another key, brought along in the header", RefusalReason.TokenSignature },
        { "another key, at an address that the header names", RefusalReason.TokenSignature },
        { "no key id", RefusalReason.TokenKey },
        { "unknown critical header", RefusalReason.TokenShape },
        { "another audience", RefusalReason.TokenAudience },
        { "no audience", RefusalReason.TokenAudience },
        { "another issuer", RefusalReason.TokenIssuer },
        { "issuer with a slash", RefusalReason.TokenIssuer },
        { "no issuer", RefusalReason.TokenIssuer },
        { "an ID token's type", RefusalReason.TokenType },
        { "no type", RefusalReason.TokenType },
        { "expired", RefusalReason.TokenLifetime },
        { "no expiry", RefusalReason.TokenLifetime },
        { "not yet valid", RefusalReason.TokenLifetime },
    };

    public async ValueTask InitializeAsync()
    {
        issuer = await TestIssuer.StartAsync();
        host = await ServiceHost.StartAsync(
            issuer,
            app =>
            {
                app.MapGet("/things/{id}", (string id) => id).RequireAccess(AccessRule.ForScope(Scope.CatalogRead).WithRoles(Role.Seller));
                app.MapGet("/open", () => "open").RequireAccess(AccessRule.ForScope(Scope.CatalogRead).OrGuests());
                app.MapPost("/open", (Thing thing) => thing.Name).RequireAccess(AccessRule.Anyone("a test"));
                app.MapGet("/slow", async (HttpContext context) =>
                {
                    context.Response.StatusCode = StatusCodes.Status400BadRequest;
                    await context.Response.Body.FlushAsync(context.RequestAborted);
                    await seen.Task;
                }).RequireAccess(AccessRule.Anyone("a test"));
                app.MapGet("/mute", (int status) => Results.StatusCode(status)).RequireAccess(AccessRule.Anyone("a test"));
            },
            builder => builder.Logging.AddProvider(events));
    }

    public async ValueTask DisposeAsync()
    {
        await host.DisposeAsync();
        await issuer.DisposeAsync();
        events.Dispose();
    }

    [Theory]
    [InlineData(null, null, "no_credential", 401)]
    [InlineData("catalog.write", "seller", "missing_scope", 403)]
    [InlineData("catalog.read", "customer", "missing_role", 403)]
    [InlineData("catalog.read", "seller", null, 200)]
    [Trait("Practice", "P33")]
    public async Task A_caller_who_may_not_leaves_AccessRefused(string? scope, string? role, string? reason, int status)
    {
        var token = scope is null ? null : TestTokens.Create("catalog", "mallory", [scope], [role!]);
        using var answer = await host.GetAsync("/things/secret-id", token);
        Assert.Equal(status, (int)answer.StatusCode);
        if (reason is null)
        {
            Assert.Empty(events.All);
            return;
        }

        var refused = Assert.Single(events.All);
        Assert.Equal((1001, "AccessRefused", reason), (refused.Id, refused.Name, refused["Reason"]));
        Assert.Equal(("GET", "/things/{id}", $"{status}", "127.0.0.1"), (refused["Method"], refused["Route"], refused["Status"], refused["Address"]));
        Assert.Equal(scope is null ? (null, null) : ("mallory", "test-client"), (refused["Subject"], refused["Client"]));
        Assert.DoesNotContain("secret-id", refused.Text, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Forgeries))]
    [Trait("Practice", "P33")]
    public async Task A_forged_token_leaves_TokenRejected_with_the_check_it_failed_and_nothing_that_it_claims(string forgery, string reason)
    {
        using var good = await host.GetAsync("/open", TestTokens.Create("catalog", "mallory", [Scope.CatalogRead]));
        Assert.Equal(HttpStatusCode.OK, good.StatusCode);
        Assert.Empty(events.All);

        using var answer = await host.GetAsync("/open", ForgedTokens.Create(forgery, "catalog", "mallory", [Scope.CatalogRead]));
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        var rejected = Assert.Single(events.All);
        Assert.Equal((1002, "TokenRejected", reason), (rejected.Id, rejected.Name, rejected["Reason"]));
        Assert.DoesNotContain("Subject", rejected.Facts.Keys);
        Assert.DoesNotContain("Client", rejected.Facts.Keys);
        Assert.DoesNotContain("mallory", rejected.Text, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Practice", "P33")]
    public void Every_known_forgery_has_its_reason()
        => Assert.Equal(ForgedTokens.Names.Order(StringComparer.Ordinal), Forgeries.Select(row => row.Data.Item1).Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("Basic YWxpY2U6c2VjcmV0")]
    [InlineData("Bearer")]
    [InlineData("Bearer a.b.c")]
    [InlineData("Bearer a.b.c.d.e")]
    [Trait("Practice", "P33")]
    public async Task A_credential_of_another_kind_leaves_TokenRejected(string header)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/open");
        Assert.True(request.Headers.TryAddWithoutValidation("Authorization", header));
        using var answer = await host.Client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal((1002, "token_shape"), (Assert.Single(events.All).Id, events.All[0]["Reason"]));
    }

    [Theory]
    [InlineData("application/json", "{\"name\":\"x\"}", 200)]
    [InlineData("application/json", "{\"name\":", 400)]
    [InlineData("application/json", "{\"name\":\"x\",\"admin\":true}", 400)]
    [InlineData("text/plain", "name", 415)]
    [InlineData("application/json", null, 413)]
    [Trait("Practice", "P33")]
    public async Task Input_that_is_refused_leaves_InputRefused_without_the_input(string type, string? body, int status)
    {
        body ??= $"{{\"name\":\"{new string('x', 100_000)}\"}}";
        using var answer = await host.SendAsync(HttpMethod.Post, "/open", content: new StringContent(body, Encoding.UTF8, type));
        Assert.Equal(status, (int)answer.StatusCode);
        if (status == 200)
        {
            Assert.Empty(events.All);
            return;
        }

        var refused = Assert.Single(events.All);
        Assert.Equal((1004, "InputRefused", "input", "POST", $"{status}"), (refused.Id, refused.Name, refused["Reason"], refused["Method"], refused["Status"]));
        Assert.DoesNotContain("name", refused.Text, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Practice", "P33")]
    public async Task What_is_internal_leaves_an_event_when_asked_for_from_outside()
    {
        using var inside = await host.GetAsync("/health/live");
        Assert.Equal(HttpStatusCode.OK, inside.StatusCode);
        Assert.Empty(events.All);

        using var request = new HttpRequestMessage(HttpMethod.Get, "/health/live");
        request.Headers.Add("X-Forwarded-For", "203.0.113.7");
        using var outside = await host.Client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, outside.StatusCode);
        var refused = Assert.Single(events.All);
        Assert.Equal((1001, "not_internal", "203.0.113.7"), (refused.Id, refused["Reason"], refused["Address"]));
    }

    [Theory]
    [InlineData(400, 1004)]
    [InlineData(401, 1001)]
    [InlineData(403, 1001)]
    [InlineData(429, 1001)]
    [InlineData(404, null)]
    [InlineData(409, null)]
    [InlineData(500, null)]
    [Trait("Practice", "P33")]
    public async Task A_refusal_that_says_nothing_itself_still_leaves_an_event(int status, int? id)
    {
        using var answer = await host.GetAsync($"/mute?status={status}");
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal(id is { } expected ? [expected] : [], events.All.Select(one => one.Id));
    }

    [Fact]
    [Trait("Practice", "P33")]
    public async Task The_event_is_there_before_the_answer_is_and_once()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/slow");
        using var answer = await host.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(1004, Assert.Single(events.All).Id);

        seen.SetResult();
        Assert.Empty(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Single(events.All);
    }

    private sealed record Thing(string Name);
}
