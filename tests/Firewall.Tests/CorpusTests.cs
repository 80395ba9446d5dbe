using System.Globalization;
using System.Text;

namespace SecureShop.Firewall.Tests;

/// <summary>What the firewall finds, and what it takes for an attack and is none. The run prints the table.</summary>
public sealed class CorpusTests(ITestOutputHelper output)
{
    [Theory, Trait("Practice", "P31")]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void Ninety_five_in_a_hundred_attacks_are_found_and_two_in_a_hundred_texts_are_not_let_through(bool keptBack, bool later)
    {
        bool IsMeant(Sample sample) => sample.Seed.IsKeptBack == keptBack && sample.Seed.IsLater == later;
        var attacks = Corpus.Attacks().Where(IsMeant).Select(sample => (Sample: sample, Found: IsFound(sample))).ToList();
        var texts = Corpus.OrdinaryTexts().Where(IsMeant).Select(sample => (Sample: sample, Found: IsFound(sample))).ToList();
        var found = Rate(attacks);
        var wrong = Rate(texts);

        var name = $"{(later ? "Later" : "First")} texts, {(keptBack ? "kept back" : "tuned on")}";
        var table = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{name}: {found:P1} of {attacks.Count} attacks found, {wrong:P1} of {texts.Count} ordinary texts refused\n");
        foreach (var group in attacks.GroupBy(one => one.Sample.Seed.Family))
            table.Append(CultureInfo.InvariantCulture, $"  {group.Key,-12}{group.Count(),6}{Rate(group),9:P1}\n");
        foreach (var group in attacks.GroupBy(one => one.Sample.Form))
            table.Append(CultureInfo.InvariantCulture, $"  {group.Key,-20}{group.Count(),6}{Rate(group),9:P1}\n");
        output.WriteLine(table.ToString());

        if (!keptBack)
        {
            foreach (var (sample, _) in attacks.Where(one => !one.Found))
                output.WriteLine($"MISSED {sample.Seed.Family} | {sample.Form} | {sample.Kind} | {sample.Seed.Text}");
            foreach (var (sample, _) in texts.Where(one => one.Found))
                output.WriteLine($"WRONG {sample.Form} | {sample.Kind} | {sample.Seed.Text} | {Rules(sample)}");
        }

        Assert.True(found >= 0.95, $"{found:P1} found");
        Assert.True(wrong <= 0.02, $"{wrong:P1} wrong");
        Assert.All(attacks.GroupBy(one => one.Sample.Seed.Family), group => Assert.True(Rate(group) >= 0.9, $"{group.Key} {Rate(group):P1}"));
    }

    private static double Rate(IEnumerable<(Sample Sample, bool Found)> samples) => samples.Average(sample => sample.Found ? 1.0 : 0);

    private static Inspection Inspect(Sample sample)
    {
        var inspection = new Inspection();
        inspection.Judge(sample.Kind, "field", sample.Text);
        return inspection;
    }

    private static bool IsFound(Sample sample) => Inspect(sample).IsAttack;

    private static string Rules(Sample sample) => string.Join(' ', Inspect(sample).Hits.Select(hit => hit.Rule.Id));
}
