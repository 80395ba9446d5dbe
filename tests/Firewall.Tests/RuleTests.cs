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

    private static Inspection Judge(Inspection inspection, string text)
    {
        inspection.Judge(FieldKind.JsonValue, "text", text);
        return inspection;
    }

    private static string Root([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", ".."));
}
