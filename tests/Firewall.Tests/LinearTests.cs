
namespace SecureShop.Firewall.Tests;

/// <summary>No text makes the firewall slow: whatever is repeated, a body of the largest size costs milliseconds.</summary>
public sealed class LinearTests
{
    private const int Size = 64 * 1024;
    private const int Times = 64;

    [Theory, Trait("Practice", "P31")]
    [InlineData("'")]
    [InlineData("\"x")]
    [InlineData("(")]
    [InlineData(")")]
    [InlineData("<")]
    [InlineData("<a ")]
    [InlineData("<a b='")]
    [InlineData(" onx")]
    [InlineData("..")]
    [InlineData("./")]
    [InlineData("//")]
    [InlineData("http://")]
    [InlineData("\n")]
    [InlineData("\r\na:")]
    [InlineData("{{")]
    [InlineData("{")]
    [InlineData("[#")]
    [InlineData("$(")]
    [InlineData("$ne ")]
    [InlineData("`")]
    [InlineData("; ")]
    [InlineData(";cat x")]
    [InlineData("|")]
    [InlineData(" & a")]
    [InlineData("or ")]
    [InlineData("or (")]
    [InlineData("select ")]
    [InlineData("union (")]
    [InlineData("/*")]
    [InlineData("/* ")]
    [InlineData("--")]
    [InlineData(",")]
    [InlineData("a.")]
    [InlineData(":")]
    [InlineData("t:")]
    [InlineData("javascript: ")]
    [InlineData("*")]
    [InlineData("%")]
    [InlineData("%25")]
    [InlineData("&#")]
    [InlineData("\\u0041")]
    [InlineData("+AD")]
    [InlineData("嘍嘊")]
    [InlineData("QUFB")]
    [InlineData("[")]
    [InlineData("{\"a\":")]
    [InlineData("return ")]
    [InlineData("alert ")]
    [InlineData("a:1")]
    [InlineData(" ")]
    public void A_text_of_64_times_the_length_takes_nowhere_near_64_times_64_as_long(string part)
    {
        // In turns, and the least of several, whatever else the machine does and the runtime compiles meanwhile. What is linear takes 64
        // times as long, what is quadratic 4096 times: the limit is far from both, and the exact ratio is a benchmark's (bench/micro).
        var text = string.Concat(Enumerable.Repeat(part, Size / part.Length));
        var (whole, piece) = (TimeSpan.MaxValue, TimeSpan.MaxValue);
        for (var turn = 0; turn < 5; turn++)
            (piece, whole) = (Least(piece, text[..(text.Length / Times)]), Least(whole, text));
        Assert.InRange(whole / piece, 0, 8 * Times);
    }

    [Fact]
    public void No_text_breaks_it()
    {
        string[] parts =
        [
            "'", "\"", "`", "(", ")", "[", "]", "{", "}", "<", ">", "=", ":", ";", "|", "&", "$", "%", "#", "@", "!", "*", "+", "-", "/", "\\", ".", ",", "?", "^", "~", " ", "\n", "\r", "\0", "\uD800", "\uDC00", "é", "嘊", "嘍", "１",
            "a", "1", "or", "select", "union", "script", "svg", "on", "cat", "id", "if", "http:", "//", "..", "%2", "%u00", "\\u00", "&#", "&#x", "0x", "O:1:", "${", "{{", "[[", "/*", "*/", "--", "QQ==", "+AD", "$ne", "[::", "@(", "<!", "\\\\", "()",
        ];
        var state = 1u;
        for (var round = 0; round < 50_000; round++)
        {
            var text = "";
            for (var count = 1 + Next(12); count > 0; count--)
                text += parts[Next(parts.Length)];
            new Inspection(4).Judge((FieldKind)Next(9), "field", text);
        }

        // Always the same ones.
        int Next(int below) => (int)(((state = unchecked((state * 1664525) + 1013904223)) >> 8) % below);
    }

    [Fact]
    public void What_decodes_without_end_is_refused()
    {
        var inspection = new Inspection();
        for (var field = 0; field < 40 && !inspection.IsAttack; field++)
            inspection.Judge(FieldKind.FormValue, "field", new string('(', Size));
        Assert.Equal("work", Assert.Single(inspection.Hits).Rule.Id);
    }

    [Fact]
    public void A_text_without_marks_costs_no_allocation()
    {
        var inspection = new Inspection();

        // Until the runtime has compiled for good what it calls: before that the framework's own code allocates.
        Assert.True(SpinWait.SpinUntil(
            () =>
            {
                var before = GC.GetAllocatedBytesForCurrentThread();
                for (var times = 0; times < 100; times++)
                    inspection.Judge(FieldKind.JsonValue, "field", "a lamp of linen, 12 V");
                return GC.GetAllocatedBytesForCurrentThread() == before;
            },
            TimeSpan.FromMinutes(1)));
    }

    private static TimeSpan Least(TimeSpan before, string text)
    {
        var start = ThreadTime.Now();
        Judge(text);
        return ThreadTime.Now() - start is var time && time < before ? time : before;
    }

    private static void Judge(string text)
    {
        foreach (var kind in (FieldKind[])[FieldKind.JsonValue, FieldKind.QueryValue])
            new Inspection().Judge(kind, "field", text);
    }
}
