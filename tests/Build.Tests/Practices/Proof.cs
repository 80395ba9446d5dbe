using System.Text.RegularExpressions;

namespace SecureShop.Build.Tests.Practices;

/// <summary>A test that bears the id of a practice.</summary>
/// <param name="Practice">Its id.</param>
/// <param name="File">Below <c>tests</c>, with slashes.</param>
/// <param name="Class">The class of tests.</param>
/// <param name="Test">The test's name.</param>
internal sealed partial record Proof(string Practice, string File, string Class, string Test)
{
    /// <summary>Those of all test projects, read from their sources: nothing has to be built for it.</summary>
    public static IReadOnlyList<Proof> All(string tests) => [.. Files(tests).SelectMany(file => In(file, System.IO.File.ReadLines(Path.Combine(tests, file))))];

    /// <summary>The sources of all test projects, below <paramref name="tests"/> and in one order on every machine.</summary>
    public static IEnumerable<string> Files(string tests) => Directory.EnumerateFiles(tests, "*.cs", SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(tests, file).Replace('\\', '/'))
        .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal))
        .Order(StringComparer.Ordinal);

    /// <summary>Those of one file. The traits of a class are those of each of its tests.</summary>
    public static IEnumerable<Proof> In(string file, IEnumerable<string> lines)
    {
        // What the attributes above a declaration say; whatever is not an attribute, a comment or an argument of theirs ends them.
        HashSet<string> above = new(StringComparer.Ordinal), ofClass = new(StringComparer.Ordinal);
        var (isTest, name, quotes) = (false, "", 0);
        foreach (var line in lines)
        {
            // In a text over several lines there is no code. It ends by as many quotes as it began with.
            var text = line.Trim();
            if (quotes > 0)
            {
                if (Quotes().Match(text) is { Success: true, Index: 0 } end && end.Length == quotes)
                    quotes = 0;
                continue;
            }

            if (Quotes().Matches(text) is { Count: var count } runs && count % 2 == 1)
                quotes = runs[^1].Length;
            if (text.StartsWith('['))
            {
                above.UnionWith(Trait().Matches(text).Select(trait => trait.Groups["id"].Value));
                isTest |= TestAttribute().IsMatch(text);
            }

            if (TypeDeclaration().Match(text) is { Success: true } type)
            {
                // A class in a class, such as a stand-in, has no tests.
                if (!line.StartsWith(' '))
                    (name, ofClass) = (type.Groups["name"].Value, [.. above]);
                (above, isTest) = (new(StringComparer.Ordinal), false);
            }
            else if (Method().Match(text) is { Success: true } method)
            {
                string[] proved = isTest ? [.. above.Union(ofClass, StringComparer.Ordinal).Order(StringComparer.Ordinal)] : [];
                foreach (var practice in proved)
                    yield return new(practice, file, name, method.Groups["name"].Value);
                (above, isTest) = (new(StringComparer.Ordinal), false);
            }
        }
    }

    [GeneratedRegex("""\bTrait\("Practice", "(?<id>P\d{2})"\)""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Trait();

    [GeneratedRegex(@"\[(\w+(\([^)]*\))?, )?(Fact|Theory)\b", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex TestAttribute();

    [GeneratedRegex(@"^(public |internal |private |file |static |abstract |sealed |partial )*(class|record|struct|interface) (struct )?(?<name>\w+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex TypeDeclaration();

    [GeneratedRegex(@"^(\[.*\] )?public (static |async |override |virtual )*[\w<>\[\],.? ()]+? (?<name>\w+)\(", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Method();

    [GeneratedRegex("\"{3,}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Quotes();
}
