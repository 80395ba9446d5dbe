using System.Globalization;
using System.Text;
using SecureShop.ServiceDefaults.Text;

namespace SecureShop.ServiceDefaults.Tests;

/// <summary>The rule for identifiers over all of Unicode: what looks the same is the same, and being put into the form twice changes nothing.</summary>
public sealed class NormalizedTextTests
{
    private static IEnumerable<string> Everything => Enumerable.Range(0, 0x110000).Where(Rune.IsValid)
        .Where(value => CharUnicodeInfo.GetUnicodeCategory(value) != UnicodeCategory.OtherNotAssigned)
        .Select(char.ConvertFromUtf32);

    [Fact]
    [Trait("Practice", "P09")]
    public void Every_character_has_one_form_whatever_it_is_composed_of_and_in_both_cases()
    {
        var faults = new List<string>();
        foreach (var text in Everything)
        {
            var form = NormalizedText.Identifier(text);
            string[] others =
            [
                form, text.Normalize(NormalizationForm.FormD), text.Normalize(NormalizationForm.FormC), text.Normalize(NormalizationForm.FormKD),
                text.ToLowerInvariant(), text.ToUpperInvariant(),
            ];
            if (others.Any(other => NormalizedText.Identifier(other) != form))
                faults.Add($"U+{char.ConvertToUtf32(text, 0):X}");
        }

        Assert.Empty(faults);
    }

    [Fact]
    [Trait("Practice", "P09")]
    public void Characters_behind_one_another_have_one_form_too()
    {
        var number = 7u;
        T Any<T>(T[] from) => from[(number = unchecked((number * 1_664_525) + 1_013_904_223)) % (uint)from.Length];
        var all = Everything.ToArray();
        var marks = all.Where(text => CharUnicodeInfo.GetUnicodeCategory(text, 0) == UnicodeCategory.NonSpacingMark).ToArray();
        for (var time = 0; time < 200_000; time++)
        {
            var text = Any(all) + Any(marks) + Any(marks) + Any(all);
            var form = NormalizedText.Identifier(text);
            Assert.Equal(form, NormalizedText.Identifier(form));
            Assert.Equal(form, NormalizedText.Identifier(text.Normalize(NormalizationForm.FormD)));
        }
    }

    [Theory]
    [InlineData("\u01f0", "J\u030c")]
    [InlineData("\u1e96\u1e97\u1e98\u1e99", "H\u0331T\u0308W\u030aY\u030a")]
    [InlineData("\u0390\u03b0", "\u03aa\u0301\u03ab\u0301")]
    [InlineData("\u1fb6", "\u0391\u0342")]
    [Trait("Practice", "P09")]
    public void A_letter_whose_capital_is_two_characters_is_the_same_in_both_cases(string small, string capital)
        => Assert.Equal(NormalizedText.Identifier(small), NormalizedText.Identifier(capital));

    [Theory]
    [InlineData("\ud800")]
    [InlineData("a\udc00b")]
    [InlineData("\udc00\ud800")]
    [InlineData("\ufffe\uffff\0")]
    [Trait("Practice", "P23")]
    public void Text_that_is_none_is_no_failure(string text)
    {
        Assert.NotEmpty(NormalizedText.Identifier(text));
        Assert.NotEmpty(NormalizedText.Compatible(text));
        Assert.NotEmpty(NormalizedText.Shown(text));
    }

    [Fact]
    public void Text_that_is_shown_keeps_its_look()
        => Assert.Equal("\u00bd m\u00b2 \uff21 \ufb01 \u2122 \u00e9", NormalizedText.Shown(" \u00bd m\u00b2 \uff21 \ufb01 \u2122 e\u0301 "));
}
