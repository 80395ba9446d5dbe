using System.Runtime.CompilerServices;

namespace SecureShop.Firewall.Tests;

/// <summary>Rules by themselves: scores, paranoia levels, exclusions, and the document that lists them.</summary>
public sealed class RuleTests
{
    [Fact]
    public void The_document_lists_every_rule_as_it_is()
    {
        var document = File.ReadAllLines(Path.Combine(Root(), "docs", "firewall.md"));
        Assert.Equal(
            Rules.All.Select(rule => $"| `{rule.Id}` | {rule.Family} | {rule.Score} | {rule.Level} | {rule.Finds} |"),
            document.Where(line => line.StartsWith("| `", StringComparison.Ordinal) && line.Count(one => one == '|') == 6));
    }

    [Fact]
    public void A_sentence_about_code_is_believed_at_the_first_level_and_not_at_the_second()
    {
        const string Sentence = "In the third chapter the author writes 1; DROP TABLE users; and explains it";
        Assert.Empty(Judge(new(1), Sentence).Hits);
        Assert.True(Judge(new(2), Sentence).IsAttack);
    }

    [Fact]
    public void Scores_add_up_over_fields_and_a_rule_counts_once()
    {
        var inspection = new Inspection();
        inspection.Judge(FieldKind.QueryValue, "a", "sqlite_master; x");
        inspection.Judge(FieldKind.QueryValue, "b", "information_schema; y");
        Assert.Equal((3, false), (inspection.Score, inspection.IsAttack));
        Assert.Equal("a", Assert.Single(inspection.Hits).Name);
    }

    [Fact]
    public void An_excluded_rule_does_not_judge_its_field()
    {
        var inspection = new Inspection(isExcluded: (rule, field) => rule.Family == "sql" && field == "password");
        inspection.Judge(FieldKind.FormValue, "password", "' or 1=1--");
        Assert.Empty(inspection.Hits);
        inspection.Judge(FieldKind.FormValue, "name", "' or 1=1--");
        Assert.True(inspection.IsAttack);
    }

    [Fact]
    public void A_name_that_is_none_does_not_reach_a_log()
    {
        var inspection = new Inspection();
        inspection.JudgeJson("""{"<script>alert(1)</script>":1}"""u8);
        Assert.Equal("other", Assert.Single(inspection.Hits).Name);
    }

    [Theory, Trait("Practice", "P31")]
    [InlineData("sqlmap/1.9 (a tool)", true)]
    [InlineData("openvas", true)]
    [InlineData("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36", false)]
    [InlineData("curl/8.14.1", false)]
    public void A_scanner_that_says_who_it_is_is_believed(string agent, bool isScanner)
    {
        var inspection = new Inspection();
        inspection.Judge(FieldKind.Header, "User-Agent", agent);
        Assert.Equal(isScanner, inspection.IsAttack);

        // Elsewhere it may be what a text is about.
        inspection = new Inspection();
        inspection.Judge(FieldKind.QueryValue, "q", agent);
        Assert.False(inspection.IsAttack);
    }

    /// <summary>Forms that a list of known attacks has, each beside what looks like it and is none.</summary>
    [Theory, Trait("Practice", "P31")]
    [InlineData("..%c0%2f..%c0%2fdata", "1..2, 3..4")]
    [InlineData("%fc%80%80%80%80%ae./%f8%80%80%80%ae./data", "100 %free")]
    [InlineData("..%uF025..%uF025data", "the end.. or not..")]
    [InlineData("0x2e0x2e0x2f0x2e0x2e0x2fdata", "colour 0x2f4f4f")]
    [InlineData("..2f..2f..2fdata", "room 2f..5c")]
    [InlineData(@".\/\.\.\/\.data", "and/or")]
    [InlineData("/etc/anything.at.all", "a lamp etc/and so on")]
    [InlineData("D:/tools/server/x.cfg", "Drive D: is full")]
    [InlineData(@"\\::1\d$\users\x.dat", @"size 3\4")]
    [InlineData("/data/x%00", "100%")]
    [InlineData("cn:2.5.13.5:=admin", "ratio 2:3.5")]
    [InlineData(";var a = new Date(); do{ b(); } while (a)", "do it; then return")]
    [InlineData("alert.call(null,1)", "Alert. Call me")]
    [InlineData("<style>a{-moz-binding:url(//x.example)}</style>", "style: expression of joy")]
    [InlineData("\njavascript\n:\nalert(1)", "JavaScript: the parts")]
    [InlineData("<?xml version=\"1.0\" encoding=\"UTF-7\"?>", "UTF-7 is an encoding")]
    [InlineData("""x ("Ex"&"ec"&"ute(1)")""", "\"salt\" & \"pepper\"")]
    [InlineData("' union select name || ':' || mail from people 7", "unions select their speakers")]
    [InlineData("and 7=convert(int,(select 1))", "and 7 = seven")]
    [InlineData("嘍Set-Cookie: a=b", "嘍 is a letter")]
    public void What_lists_of_attacks_have_is_found_and_what_looks_like_it_is_not(string attack, string ordinary)
    {
        var found = new Inspection();
        found.Judge(FieldKind.QueryValue, "field", attack);
        Assert.True(found.IsAttack, attack);
        var inspection = new Inspection();
        inspection.Judge(FieldKind.QueryValue, "field", ordinary);
        Assert.Empty(inspection.Hits);
    }

    private static Inspection Judge(Inspection inspection, string text)
    {
        inspection.Judge(FieldKind.JsonValue, "text", text);
        return inspection;
    }

    private static string Root([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", ".."));
}
