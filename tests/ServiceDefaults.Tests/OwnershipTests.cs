using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SecureShop.ServiceDefaults.Access;

namespace SecureShop.ServiceDefaults.Tests;

public sealed class OwnershipTests
{
    [Theory]
    [InlineData("alice", null, "alice", true)]
    [InlineData("bob", null, "alice", false)]
    [InlineData("ALICE", null, "alice", false)]
    [InlineData("bob", "admin", "alice", true)]
    [InlineData("bob", "customer", "alice", false)]
    [InlineData(null, "admin", "alice", false)]
    [InlineData(null, null, "", false)]
    [Trait("Practice", "P11")]
    public async Task The_owner_or_a_named_role_and_never_someone_without_a_subject(string? subject, string? role, string owner, bool allowed)
    {
        var claims = new List<Claim>();
        if (subject is not null)
            claims.Add(new("sub", subject));
        if (role is not null)
            claims.Add(new("role", role));
        var user = new ClaimsPrincipal(new ClaimsIdentity(claims, "test"));

        var result = await Service().AuthorizeAsync(user, new Thing(owner), Ownership.Of(Owner.Seller).OrRoles(Role.Admin));
        Assert.Equal(allowed, result.Succeeded);

        var only = await Service().AuthorizeAsync(user, new Thing(owner), Ownership.Of(Owner.Seller));
        Assert.Equal(allowed && role is null, only.Succeeded);
    }

    [Fact]
    [Trait("Practice", "P11")]
    public async Task Something_that_has_no_owner_belongs_to_nobody()
    {
        var user = new ClaimsPrincipal(new ClaimsIdentity([new("sub", "alice")], "test"));
        Assert.False((await Service().AuthorizeAsync(user, new object(), Ownership.Of(Owner.Seller))).Succeeded);
        Assert.False((await Service().AuthorizeAsync(user, null, Ownership.Of(Owner.Seller))).Succeeded);
    }

    [Fact]
    [Trait("Practice", "P11")]
    public void A_rule_says_itself_in_words()
    {
        var own = Ownership.Of(Owner.Customer);
        Assert.Equal("the order's customer", own.InWords());
        Assert.Equal("the seller of the lines", Ownership.Of(Owner.LineSeller).InWords());
        Assert.Equal("what is not public: the product's seller; admin for anybody", Ownership.Of(Owner.Seller).OrRoles(Role.Admin).OfPrivatePart().InWords());
        Assert.Equal(
            "the order's customer; support and admin for anybody, with the scope orders.admin", own.OrRolesWithScope(Scope.OrdersAdmin, Role.Support, Role.Admin).InWords());
        Assert.Equal((false, null, true), (own.PublicPart, own.OthersScope, own.Others.IsEmpty));
    }

    private static IAuthorizationService Service()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.AddAccessRules();
        return builder.Services.AddLogging().BuildServiceProvider().GetRequiredService<IAuthorizationService>();
    }

    private sealed record Thing(string OwnerId) : IOwned;
}
