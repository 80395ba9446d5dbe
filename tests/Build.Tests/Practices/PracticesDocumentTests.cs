using System.Globalization;
using System.Text;

namespace SecureShop.Build.Tests.Practices;

/// <summary>docs/practices.md is what the tests say that they prove.</summary>
public sealed class PracticesDocumentTests
{
    private const string Again = "REWRITE_DOCS=true dotnet run --project tests/Build.Tests -- -class SecureShop.Build.Tests.Practices.PracticesDocumentTests";

    private static string Page => Path.Combine(Dotnet.Repository, "docs", "practices.md");

    private static IReadOnlyList<Proof> Proofs { get; } = Proof.All(Path.Combine(Dotnet.Repository, "tests"));

    [Fact]
    public void The_page_is_what_the_tests_say()
    {
        var written = Write(Practice.All, Proofs);
        if (Environment.GetEnvironmentVariable("REWRITE_DOCS") == "true")
            File.WriteAllText(Page, written);
        else
            Assert.True(File.Exists(Page) && written == File.ReadAllText(Page).ReplaceLineEndings("\n"), $"docs/practices.md is not what the tests say. Write it anew: {Again}");
    }

    [Fact]
    public void Each_trait_names_a_practice_and_each_practice_is_there_once()
    {
        Assert.Equal(Practice.All.Select(practice => practice.Id), Enumerable.Range(1, Practice.All.Count).Select(number => $"P{number:00}"));
        Assert.Subset(Practice.All.Select(practice => practice.Id).ToHashSet(StringComparer.Ordinal), Proofs.Select(proof => proof.Practice).ToHashSet(StringComparer.Ordinal));
    }

    [Fact]
    public void No_trait_is_overlooked()
    {
        // Counted in another way: a trait that is above no test would prove nothing.
        var tests = Path.Combine(Dotnet.Repository, "tests");
        foreach (var file in Proof.Files(tests).Where(file => !file.EndsWith($"/{nameof(PracticesDocumentTests)}.cs", StringComparison.Ordinal)))
        {
            var said = File.ReadLines(Path.Combine(tests, file)).Where(line => line.TrimStart().StartsWith('[')).SelectMany(line => line.Split("Trait(\"Practice\", \"")[1..]).Select(rest => rest[..3]);
            Assert.Equal(
                said.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(practice => $"{file} {practice}"),
                Proofs.Where(proof => proof.File == file).Select(proof => proof.Practice).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(practice => $"{file} {practice}"));
        }
    }

    [Fact]
    public void A_practice_that_nothing_proves_is_named_as_a_gap()
    {
        var written = Write([new("P01", "One", "Done."), new("P02", "Two", "Not done.")], [new("P01", "A.Tests/OneTests.cs", "OneTests", "It_holds")]);
        Assert.Contains("Gaps: P02.", written, StringComparison.Ordinal);
        Assert.Contains("**No test proves this.**", written, StringComparison.Ordinal);
        Assert.Contains("Gaps: none. In part: none.", Write([new("P01", "One", "Done.")], [new("P01", "A.Tests/OneTests.cs", "OneTests", "It_holds")]), StringComparison.Ordinal);
        var half = Write([new("P01", "One", "Done.") { Missing = "The other half." }], [new("P01", "A.Tests/OneTests.cs", "OneTests", "It_holds")]);
        Assert.Contains("Gaps: none. In part: P01.", half, StringComparison.Ordinal);
        Assert.Contains("**Not yet:** The other half.", half, StringComparison.Ordinal);
    }

    [Fact]
    public void Traits_of_a_class_are_those_of_its_tests_and_what_is_no_test_proves_nothing()
    {
        const string source = """"
            /// <summary>Not [Trait("Practice", "P09")].</summary>
            [Trait("Practice", "P02")]
            public sealed class FirstTests(Host host) : IClassFixture<Host>
            {
                private const string Text = """
                    [Fact, Trait("Practice", "P08")]
                    public void Quoted()
                    """;

                [Fact]
                [Trait("Practice", "P01")]
                [Trait("Practice", "P02")]
                public async Task Both() => await host.RunAsync();

                // [Trait("Practice", "P07")]
                [Theory, Trait("Practice", "P03")]
                [InlineData("x")]
                public static void One(string text)
                {
                }

                public static TheoryData<string> Data() => [];

                private sealed class StandIn;

                [Fact]
                public Task Behind() => Task.CompletedTask;
            }

            public sealed class SecondTests
            {
                [Fact]
                public void Nothing()
                {
                }
            }
            """";
        Assert.Equal(
            ["P01 FirstTests.Both", "P02 FirstTests.Both", "P02 FirstTests.One", "P03 FirstTests.One", "P02 FirstTests.Behind"],
            Proof.In("A.Tests/FirstTests.cs", source.Split('\n')).Select(proof => $"{proof.Practice} {proof.Class}.{proof.Test}"));
    }

    private static string Write(IReadOnlyList<Practice> practices, IReadOnlyList<Proof> proofs)
    {
        var gaps = practices.Where(practice => proofs.All(proof => proof.Practice != practice.Id)).Select(practice => practice.Id).ToList();
        var parts = practices.Where(practice => practice.Missing is not null).Select(practice => practice.Id).ToList();
        var page = new StringBuilder();
        page.Append("# Practices, and what proves each\n\n");
        page.Append("Made of the list in [Practice.cs](../tests/Build.Tests/Practices/Practice.cs) and of the tests that bear a practice's id, and held to both by a test.\n");
        page.Append("It says which tests there are; that they pass is what a run of the tests says (`bash .ci/run`). Written anew by\n\n");
        page.Append(CultureInfo.InvariantCulture, $"    {Again}\n\n");
        page.Append(CultureInfo.InvariantCulture, $"Gaps: {(gaps.Count == 0 ? "none" : string.Join(", ", gaps))}. In part: {(parts.Count == 0 ? "none" : string.Join(", ", parts))}.\n\n");
        page.Append("| | practice | tests |\n|---|---|---|\n");
        foreach (var practice in practices)
            page.Append(CultureInfo.InvariantCulture, $"| [{practice.Id}](#{practice.Id.ToLowerInvariant()}) | {practice.Title} | {proofs.Count(proof => proof.Practice == practice.Id)} |\n");
        foreach (var practice in practices)
        {
            page.Append(CultureInfo.InvariantCulture, $"\n## {practice.Id}\n\n**{practice.Title}.** {practice.Done}\n\n");
            if (practice.Missing is { } missing)
                page.Append(CultureInfo.InvariantCulture, $"**Not yet:** {missing}\n\n");
            var own = proofs.Where(proof => proof.Practice == practice.Id).GroupBy(proof => (proof.File, proof.Class)).ToList();
            if (own.Count == 0)
                page.Append("**No test proves this.**\n");
            foreach (var tests in own)
                page.Append(CultureInfo.InvariantCulture, $"- {tests.Key.File.Split('/')[0]}, [{tests.Key.Class}](../tests/{tests.Key.File}): {string.Join(", ", tests.Select(test => $"`{test.Test}`").Distinct(StringComparer.Ordinal))}\n");
        }

        return page.ToString();
    }
}
