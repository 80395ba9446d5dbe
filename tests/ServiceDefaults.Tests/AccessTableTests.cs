using SecureShop.ServiceDefaults.Access;

namespace SecureShop.ServiceDefaults.Tests;

/// <summary>What a row and a rule are made of: half a rule must not come about.</summary>
[Trait("Practice", "P15")]
public sealed class AccessTableTests
{
    [Theory]
    [InlineData("GET", LimitClass.Read)]
    [InlineData("HEAD", LimitClass.Read)]
    [InlineData("OPTIONS", LimitClass.Read)]
    [InlineData("POST", LimitClass.Write)]
    [InlineData("PUT", LimitClass.Write)]
    [InlineData("DELETE", LimitClass.Write)]
    public void What_changes_something_is_counted_as_that(string method, LimitClass limit)
    {
        Assert.Equal(limit, AccessRow.LimitOf(method));
        var row = new AccessRow("Name", "catalog", method, "/", AccessRule.Internal);
        Assert.Equal((limit, true, null), (row.Limit, row.IsPublic, row.Scheme));
        Assert.Contains("Name has no ownership", Assert.Throws<InvalidOperationException>(() => row.Ownership).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "/things/{id}", true)]
    [InlineData("GET", "things/{id}/", true)]
    [InlineData("get", "/things/{id}", false)]
    [InlineData("POST", "/things/{id}", false)]
    [InlineData("GET", "/Things/{id}", false)]
    [InlineData("GET", "/things", false)]
    [InlineData("GET", "", false)]
    [InlineData("GET", null, false)]
    public void A_row_is_that_of_its_own_method_and_path(string method, string? pattern, bool its)
        => Assert.Equal(its, new AccessRow("ReadThing", "catalog", "GET", "/things/{id}/", AccessRule.Internal).Describes(method, pattern));

    [Fact]
    public void Rows_of_identity_are_not_for_the_gateway_and_take_tokens_beside_sessions()
    {
        Assert.Equal(["ListPersonalParts", "AnswerPersonalPart"], AccessTable.Of("identity").Select(row => row.Name));
        Assert.All(AccessTable.Of("identity"), row => Assert.Equal((false, "Bearer"), (row.IsPublic, row.Scheme)));
        Assert.All(AccessTable.Of("orders"), row => Assert.Equal((true, null), (row.IsPublic, row.Scheme)));
        Assert.Equal(["TakeStock", "ConfirmStock", "ReleaseStock"], AccessTable.All.Where(row => row.Service == "catalog" && !row.IsPublic).Select(row => row.Name));
        Assert.All(AccessTable.Of("catalog"), row => Assert.Null(row.Scheme));
        Assert.Empty(AccessTable.Of("Orders"));
        Assert.Equal("webhook-signature", AccessTable.ReceivePaymentNotice.Rule.ProofHeader);
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData(null)]
    public void Half_a_rule_is_none(string? blank)
    {
        var rule = AccessRule.ForScope(Scope.CatalogRead);
        Assert.ThrowsAny<ArgumentException>(() => AccessRule.ForScope(blank!));
        Assert.ThrowsAny<ArgumentException>(() => AccessRule.Anyone(blank!));
        Assert.ThrowsAny<ArgumentException>(() => rule.ProvenBy(blank!));
        Assert.Throws<ArgumentException>(() => rule.WithRoles());
        Assert.Contains("at least one role", Assert.Throws<ArgumentException>(() => rule.WithRoles([])).Message, StringComparison.Ordinal);
        Assert.Contains("one of the values of Acr", Assert.Throws<ArgumentException>(() => rule.WithStepUp("urn:secureshop:acr", TimeSpan.FromMinutes(1))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => rule.WithStepUp(Acr.MultiFactor, TimeSpan.FromSeconds(1) - TimeSpan.FromTicks(1)));
        Assert.Equal(TimeSpan.FromSeconds(1), rule.WithStepUp(Acr.SingleFactor, TimeSpan.FromSeconds(1)).StepUp!.MaxAge);
    }

    [Fact]
    public void Each_step_makes_a_new_rule_and_keeps_what_the_others_have_said()
    {
        var scope = AccessRule.ForScope(Scope.CatalogRead);
        var whole = scope.WithRoles(Role.Seller).OrGuests().WithOwnership(Ownership.Of(Owner.Seller)).WithStepUp(Acr.MultiFactor, TimeSpan.FromMinutes(5));
        Assert.Equal((AccessKind.Token, Scope.CatalogRead, true), (whole.Kind, whole.Scope, whole.Guests));
        Assert.Equal([Role.Seller], whole.Roles);
        Assert.Equal(Ownership.Of(Owner.Seller), whole.Ownership);
        Assert.Null(whole.WithoutOwnership().Ownership);
        Assert.NotNull(whole.WithoutOwnership().StepUp);
        Assert.Equal((false, true, null, null, null), (scope.Guests, scope.Roles.IsEmpty, scope.Ownership, scope.StepUp, scope.Reason));
        Assert.Equal((AccessKind.Anyone, "it signs"), (AccessRule.Anyone("it signs").Kind, AccessRule.Anyone("it signs").Reason));
        Assert.Equal((AccessKind.Session, AccessKind.Internal), (AccessRule.ForSession().Kind, AccessRule.Internal.Kind));
    }

    [Theory]
    [InlineData(Acr.SingleFactor, Acr.SingleFactor, true)]
    [InlineData(Acr.MultiFactor, Acr.SingleFactor, true)]
    [InlineData(Acr.MultiFactor, Acr.MultiFactor, true)]
    [InlineData(Acr.SingleFactor, Acr.MultiFactor, false)]
    [InlineData("", Acr.SingleFactor, false)]
    [InlineData("urn:secureshop:acr:other", Acr.SingleFactor, false)]
    [InlineData(Acr.MultiFactor, "urn:secureshop:acr:other", false)]
    public void The_stronger_way_reaches_the_weaker_and_no_other(string acr, string wanted, bool reached) => Assert.Equal(reached, Acr.Reaches(acr, wanted));

    [Fact]
    public void Acrs_are_these()
        => Assert.Equal(["urn:secureshop:acr:single-factor", "urn:secureshop:acr:multi-factor"], Acr.All);
}
