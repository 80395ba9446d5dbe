using SecureShop.StandIns.AspireDashboard.History;

namespace SecureShop.Dashboard.Tests.History;

public sealed class PlainTextTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("a\tb", "a\tb")]
    [InlineData("\u001b[31mred\u001b[0m", "red")]
    [InlineData("\u001b[38;5;196mred\u001b[m and \u001b[1;4mbold", "red and bold")]
    [InlineData("\u009b31mred", "red")]
    [InlineData("\u001b]0;a title\u0007text", "text")]
    [InlineData("\u001b]8;;https://evil.example\u001b\\link\u001b]8;;\u001b\\", "link")]
    [InlineData("\u001bPdevice\u001b\\text", "text")]
    [InlineData("\u001b(Btext", "text")]
    [InlineData("\u001b7text\u001b8", "text")]
    [InlineData("open \u001b[31", "open ")]
    [InlineData("open \u001b]never ends", "open ")]
    [InlineData("end\u001b", "end")]
    [InlineData("a\u0000b\u0008c\u007fd", "a\uFFFDb\uFFFDc\uFFFDd")]
    [InlineData("line\r", "line")]
    [InlineData("user\u202etxt.exe", "user\uFFFDtxt.exe")]
    [InlineData("a\u2028b", "a\uFFFDb")]
    [InlineData("Grüße 😀", "Grüße 😀")]
    [InlineData("", "")]
    public void What_could_deceive_is_taken_out_or_shown(string line, string shown) => Assert.Equal(shown, PlainText.From(line, longest: 100));

    [Fact]
    public void A_long_line_is_cut()
    {
        Assert.Equal(new string('a', 100) + "…", PlainText.From(new string('a', 101), longest: 100));
        Assert.Equal(100, PlainText.From(new string('a', 100), longest: 100).Length);
    }

    [Fact]
    public void A_line_of_nothing_but_escapes_costs_no_more_than_it_may()
    {
        var line = string.Concat(Enumerable.Repeat("\u001b[31m", 1_000_000));
        var began = TimeProvider.System.GetTimestamp();

        Assert.Equal("…", PlainText.From(line, longest: 4_000));

        Assert.True(TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromMilliseconds(200));
    }
}
