using System.Net;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using SecureShop.ServiceDefaults.Access;
using SecureShop.Testing;

namespace SecureShop.ServiceDefaults.Tests;

/// <summary>A handler that forgets to ask whose an object is answers nobody, so that the first test that calls it finds it.</summary>
[Trait("Practice", "P11")]
[Trait("Practice", "P15")]
public sealed class OwnershipGateTests : IAsyncLifetime
{
    private const string Canary = "secret-of-alice";

    private static readonly Ownership Own = Ownership.Of(Owner.Customer);
    private static readonly Ownership OwnOrAdmin = Own.OrRolesWithScope(Scope.OrdersAdmin, Role.Admin);
    private static readonly Ownership Partly = Own.OfPrivatePart();
    private static readonly AccessRule Rule = AccessRule.ForScope(Scope.CatalogRead);

    private TestIssuer? issuer;
    private ServiceHost? host;

    public async ValueTask InitializeAsync()
    {
        issuer = await TestIssuer.StartAsync();
        host = await ServiceHost.StartAsync(issuer, app =>
        {
            app.MapGet("/forgotten", () => Canary).RequireAccess(Rule.WithOwnership(Own));
            app.MapGet("/forgotten-null", () => (string?)null).RequireAccess(Rule.WithOwnership(Own));
            app.MapPost("/forgotten-union", Results<Ok<string>, NotFound> () => TypedResults.Ok(Canary)).RequireAccess(Rule.WithOwnership(Own));
            app.MapPost("/forgotten-empty", () => TypedResults.NoContent()).RequireAccess(Rule.WithOwnership(Own));
            app.MapGet("/forgotten-304", () => TypedResults.StatusCode(StatusCodes.Status304NotModified)).RequireAccess(Rule.WithOwnership(Own));
            app.MapGet("/by-itself", async (HttpContext http) =>
            {
                await http.Response.WriteAsync("a part");
                await http.Response.Body.FlushAsync();
            }).RequireAccess(Rule.WithOwnership(Own));
            app.MapGet("/other-rule", async (HttpContext http, IAuthorizationService authorization) =>
            {
                await authorization.AuthorizeAsync(http.User, new Thing(http.User.Subject()), OwnOrAdmin);
                return Canary;
            }).RequireAccess(Rule.WithOwnership(Own));
            app.MapGet("/unheeded", async (HttpContext http, IAuthorizationService authorization) =>
            {
                await authorization.AuthorizeAsync(http.User, new Thing("alice"), Own);
                return Canary;
            }).RequireAccess(Rule.WithOwnership(Own));
            app.MapGet("/list", async (string owners, HttpContext http, IAuthorizationService authorization) =>
            {
                Thing[] things = [.. owners.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(owner => new Thing(owner))];
                await authorization.AuthorizeAsync(http.User, things, Own);
                return Canary;
            }).RequireAccess(Rule.WithOwnership(Own));
            app.MapGet("/staff", async Task<Results<Ok<string>, NotFound>> (HttpContext http, IAuthorizationService authorization)
                => (await authorization.AuthorizeAsync(http.User, new Thing("alice"), OwnOrAdmin)).Succeeded ? TypedResults.Ok(Canary) : TypedResults.NotFound()).RequireAccess(Rule.WithOwnership(OwnOrAdmin));
            app.MapGet("/partly", async (HttpContext http, IAuthorizationService authorization)
                => (await authorization.AuthorizeAsync(http.User, new Thing("alice"), Partly)).Succeeded ? Canary : "what all see").RequireAccess(Rule.OrGuests().WithOwnership(Partly));
            app.MapGet("/partly-forgotten", () => Canary).RequireAccess(Rule.OrGuests().WithOwnership(Partly));
            app.MapGet("/refusals/{kind}", (string kind) => kind switch
            {
                "404" => Results.NotFound(),
                "403" => Results.Forbid(),
                "401" => Results.Challenge(),
                "409" => Results.Problem(statusCode: 409),
                _ => Results.ValidationProblem(new Dictionary<string, string[]> { ["x"] = ["y"] }),
            }).RequireAccess(Rule.WithOwnership(Own));
            app.MapGet("/bound/{number:int}", (int count) => $"{Canary}{count}").RequireAccess(Rule.WithOwnership(Own));
        });
    }

    public async ValueTask DisposeAsync()
    {
        await host!.DisposeAsync();
        await issuer!.DisposeAsync();
    }

    [Theory]
    [InlineData("GET", "/forgotten")]
    [InlineData("GET", "/forgotten-null")]
    [InlineData("POST", "/forgotten-union")]
    [InlineData("POST", "/forgotten-empty")]
    [InlineData("GET", "/forgotten-304")]
    [InlineData("GET", "/other-rule")]
    [InlineData("GET", "/partly-forgotten")]
    public async Task A_success_that_nobody_has_judged_is_for_nobody_not_even_the_owner(string method, string path)
    {
        using var answer = await SendAsync(method, path, "alice");
        await ProblemAssert.IsProblemAsync(HttpStatusCode.InternalServerError, answer);
        Assert.DoesNotContain(Canary, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_judged_and_refused_does_not_leave()
    {
        using var owner = await SendAsync("GET", "/unheeded", "alice");
        Assert.Equal(Canary, await owner.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        using var other = await SendAsync("GET", "/unheeded", "bob");
        await ProblemAssert.IsProblemAsync(HttpStatusCode.InternalServerError, other);
    }

    [Theory]
    [InlineData("", HttpStatusCode.OK)]
    [InlineData("bob", HttpStatusCode.OK)]
    [InlineData("bob,bob", HttpStatusCode.OK)]
    [InlineData("bob,alice", HttpStatusCode.InternalServerError)]
    [InlineData("alice,bob", HttpStatusCode.InternalServerError)]
    [InlineData("BOB", HttpStatusCode.InternalServerError)]
    public async Task One_row_of_somebody_else_spoils_a_list(string owners, HttpStatusCode expected)
    {
        using var answer = await SendAsync("GET", $"/list?owners={owners}", "bob");
        Assert.Equal(expected, answer.StatusCode);
    }

    [Theory]
    [InlineData("alice", Role.Customer, "", HttpStatusCode.OK)]
    [InlineData("bob", Role.Customer, Scope.OrdersAdmin, HttpStatusCode.NotFound)]
    [InlineData("adam", Role.Admin, Scope.OrdersAdmin, HttpStatusCode.OK)]
    [InlineData("adam", Role.Admin, "", HttpStatusCode.NotFound)]
    [InlineData("adam", Role.Admin, Scope.OrdersAdmin + "s", HttpStatusCode.NotFound)]
    public async Task Others_may_with_their_role_and_its_scope_together(string subject, string role, string scope, HttpStatusCode expected)
    {
        using var answer = await host!.GetAsync("/staff", TestTokens.Create("catalog", subject, [Scope.CatalogRead, scope], [role]));
        Assert.Equal(expected, answer.StatusCode);
    }

    [Fact]
    public async Task What_is_public_of_it_is_for_everybody_whom_the_rule_lets_in()
    {
        using var guest = await host!.GetAsync("/partly");
        Assert.Equal("what all see", await guest.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        using var owner = await SendAsync("GET", "/partly", "alice");
        Assert.Equal(Canary, await owner.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("/refusals/404", HttpStatusCode.NotFound)]
    [InlineData("/refusals/403", HttpStatusCode.Forbidden)]
    [InlineData("/refusals/401", HttpStatusCode.Unauthorized)]
    [InlineData("/refusals/409", HttpStatusCode.Conflict)]
    [InlineData("/refusals/400", HttpStatusCode.BadRequest)]
    [InlineData("/bound/1", HttpStatusCode.BadRequest)]
    public async Task A_refusal_needs_no_judgement(string path, HttpStatusCode expected)
    {
        using var answer = await SendAsync("GET", path, "bob");
        await ProblemAssert.IsProblemAsync(expected, answer);
    }

    [Fact]
    public async Task What_a_handler_writes_by_itself_is_cut_off()
        => await Assert.ThrowsAnyAsync<HttpRequestException>(() => SendAsync("GET", "/by-itself", "alice"));

    [Fact]
    public async Task A_start_fails_where_nothing_can_stand_around_the_endpoint()
    {
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => ServiceHost.StartAsync(issuer!, app =>
            ((IEndpointRouteBuilder)app).DataSources.Add(new DefaultEndpointDataSource(new RouteEndpoint(
                _ => Task.CompletedTask, RoutePatternFactory.Parse("/raw"), 0, new EndpointMetadataCollection(Rule.WithOwnership(Own), new HttpMethodMetadata(["GET"])), "raw")))));
        Assert.Contains("GET /raw has ownership, which nothing enforces", failure.Message, StringComparison.Ordinal);
    }

    private Task<HttpResponseMessage> SendAsync(string method, string path, string subject)
        => host!.SendAsync(new HttpMethod(method), path, TestTokens.Create("catalog", subject, [Scope.CatalogRead], [Role.Customer]));

    private sealed record Thing(string OwnerId) : IOwned;
}
