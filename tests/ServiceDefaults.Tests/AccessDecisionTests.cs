using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using SecureShop.ServiceDefaults.Access;

namespace SecureShop.ServiceDefaults.Tests;

/// <summary>What a rule says about a caller, without a request.</summary>
public sealed class AccessDecisionTests
{
    private static readonly AccessRule Write = AccessRule.ForScope(Scope.CatalogWrite).WithRoles(Role.Seller, Role.Admin);
    private static readonly ClaimsPrincipal Guest = new(new ClaimsIdentity());

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
    [Trait("Practice", "P15")]
    public void A_session_is_somebody_who_has_signed_in_and_holds_the_role()
    {
        var rule = AccessRule.ForSession();
        var (alice, adam) = (User(Role.Customer), User(Role.Admin));
        Assert.Equal(AccessDecision.Allowed, Decide(rule, alice));
        Assert.Equal(AccessDecision.MissingRole, Decide(rule.WithRoles(Role.Admin), alice));
        Assert.Equal(AccessDecision.Allowed, Decide(rule.WithRoles(Role.Support, Role.Admin), adam));

        // What claims a role and has not signed in is nobody.
        foreach (var nobody in new[] { Guest, new ClaimsPrincipal(), new(new ClaimsIdentity([new("sub", "adam"), new("role", Role.Admin)])) })
        {
            Assert.Equal(AccessDecision.NoCredential, Decide(rule, nobody));
            Assert.Equal(AccessDecision.NoCredential, Decide(rule.WithRoles(Role.Admin), nobody));
            Assert.Equal(AccessDecision.Allowed, Decide(AccessRule.Anyone("a test"), nobody));
        }
    }

    [Fact]
    [Trait("Practice", "P15")]
    public void The_inside_is_where_no_proxy_has_passed_anything_on()
    {
        Assert.Equal(AccessDecision.Allowed, AccessDecisions.Decide(AccessRule.Internal, Guest, credentialPresented: false, forwarded: false));
        Assert.Equal(AccessDecision.NotInternal, AccessDecisions.Decide(AccessRule.Internal, User(Role.Admin), credentialPresented: true, forwarded: true));
    }

    [Theory]
    [Trait("Practice", "P15")]
    [InlineData("Forwarded")]
    [InlineData("X-Forwarded-For")]
    [InlineData("X-Forwarded-Host")]
    [InlineData("X-Forwarded-Proto")]
    [InlineData("X-Original-For")]
    [InlineData("X-Original-Host")]
    [InlineData("X-Original-Proto")]
    public void Each_sign_of_a_proxy_is_one(string header)
    {
        var http = new DefaultHttpContext { User = Guest };
        http.Request.Headers["X-Forwarded"] = "no sign that a proxy leaves";
        Assert.Equal(AccessDecision.Allowed, AccessRuleHandler.Decide(AccessRule.Internal, http));
        http.Request.Headers[header] = "x";
        Assert.Equal(AccessDecision.NotInternal, AccessRuleHandler.Decide(AccessRule.Internal, http));
        Assert.Equal(AccessDecision.Allowed, AccessRuleHandler.Decide(AccessRule.Anyone("a test"), http));
    }

    [Fact]
    [Trait("Practice", "P12")]
    public void Who_has_signed_in_too_long_ago_is_told_that_unless_they_may_not_at_all()
    {
        var now = new DateTimeOffset(2026, 11, 27, 12, 0, 0, TimeSpan.Zero);
        var rule = Write.WithStepUp(Acr.MultiFactor, TimeSpan.FromMinutes(5));
        foreach (var (role, age, expected) in new[]
        {
            (Role.Seller, 300, AccessDecision.Allowed), (Role.Seller, 301, AccessDecision.InsufficientAuthentication),
            (Role.Customer, 300, AccessDecision.MissingRole), (Role.Customer, 301, AccessDecision.MissingRole),
        })
        {
            var user = new ClaimsPrincipal(new ClaimsIdentity(
                [.. User(Scope.CatalogWrite, [role]).Claims, new("acr", Acr.MultiFactor), new("auth_time", $"{now.ToUnixTimeSeconds() - age}")], "test"));
            Assert.Equal(expected, AccessDecisions.Decide(rule, user, credentialPresented: true, forwarded: true, now));

            // A request's time is its service's.
            var http = Request(user);
            http.RequestServices = new Clock(now);
            Assert.Equal(expected, AccessRuleHandler.Decide(rule, http));
        }
    }

    [Fact]
    [Trait("Practice", "P12")]
    public void A_request_with_an_authorization_of_any_kind_is_no_guests()
    {
        var rule = AccessRule.ForScope(Scope.CatalogRead).OrGuests();
        var http = Request(Guest);
        Assert.Equal(AccessDecision.Allowed, AccessRuleHandler.Decide(rule, http));
        http.Request.Headers.Authorization = "";
        Assert.Equal(AccessDecision.BadCredential, AccessRuleHandler.Decide(rule, http));
    }

    [Fact]
    [Trait("Practice", "P15")]
    public async Task The_framework_hears_yes_of_an_allowed_request_and_of_nothing_else()
    {
        foreach (var (resource, user, yes) in new (object?, ClaimsPrincipal, bool)[]
        {
            (Request(User(Scope.CatalogWrite, [Role.Seller])), Guest, true), (Request(Guest), User(Scope.CatalogWrite, [Role.Seller]), false),
            (null, User(Scope.CatalogWrite, [Role.Seller]), false), (new object(), User(Scope.CatalogWrite, [Role.Seller]), false),
        })
        {
            var asked = new AuthorizationHandlerContext([Write], user, resource);
            await new AccessRuleHandler().HandleAsync(asked);
            Assert.Equal(yes, asked.HasSucceeded);
        }
    }

    [Fact]
    [Trait("Practice", "P12")]
    public void An_empty_subject_is_nobodys()
    {
        var user = new ClaimsPrincipal(new ClaimsIdentity([new("sub", "")], "test"));
        Assert.Null(user.SubjectOrNull());
        Assert.Contains("no subject", Assert.Throws<InvalidOperationException>(() => user.Subject()).Message, StringComparison.Ordinal);
    }

    private static DefaultHttpContext Request(ClaimsPrincipal user) => new() { User = user };

    private static AccessDecision Decide(AccessRule rule, ClaimsPrincipal user) => AccessDecisions.Decide(rule, user, credentialPresented: false, forwarded: true);

    private static ClaimsPrincipal User(string role) => User("", [role]);

    private static ClaimsPrincipal User(string scope, string[] roles)
        => new(new ClaimsIdentity([new("sub", "someone"), new("scope", scope), .. roles.Select(role => new Claim("role", role))], "test"));

    /// <summary>A service's time, and nothing else of it.</summary>
    private sealed class Clock(DateTimeOffset now) : TimeProvider, IServiceProvider
    {
        public object? GetService(Type serviceType) => serviceType == typeof(TimeProvider) ? this : null;

        public override DateTimeOffset GetUtcNow() => now;
    }
}
