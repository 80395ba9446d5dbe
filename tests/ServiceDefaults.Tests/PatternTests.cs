using SecureShop.ServiceDefaults.Text;

namespace SecureShop.ServiceDefaults.Tests;

/// <summary>A pattern is a rule for all of a text, and for an empty one too.</summary>
[Trait("Practice", "P21")]
public sealed class PatternTests
{
    [Theory]
    [InlineData("kitchen", true)]
    [InlineData(null, true)]
    [InlineData("", false)]
    [InlineData("Kitchen", false)]
    [InlineData("kitchen\n", false)]
    [InlineData("\nkitchen", false)]
    [InlineData("kitchen\nkitchen", false)]
    [InlineData("kitchen ", false)]
    [InlineData(" ", false)]
    public void All_of_a_text_is_as_the_pattern_says(string? text, bool isGood)
        => Assert.Equal(isGood, new PatternAttribute("^[a-z]{1,40}$").IsValid(text));

    [Fact]
    public void What_is_no_text_is_not() => Assert.False(new PatternAttribute("^[0-9]+$").IsValid(new object()));

    [Theory]
    [InlineData("alice@example.com", true)]
    [InlineData(null, true)]
    [InlineData("", false)]
    [InlineData(" ", false)]
    public void Nor_is_an_empty_text_an_e_mail_address(string? text, bool isGood)
        => Assert.Equal(isGood, new PossibleEmailAddressAttribute().IsValid(text));
}
