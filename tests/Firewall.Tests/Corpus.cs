using System.Security.Cryptography;
using System.Text;

namespace SecureShop.Firewall.Tests;

/// <summary>A text of the corpus: an attack of a family, or ordinary, in one of the forms that it may have in a request.</summary>
internal sealed record Sample(Seed Seed, string Form, FieldKind Kind, string Text);

/// <summary>A text as it was written, before any form.</summary>
/// <param name="Family">The kind of attack, or <see cref="Ordinary"/>.</param>
/// <param name="Text">What it says.</param>
/// <param name="IsLater">Written when the rules were done, of kinds that nobody had thought of before.</param>
internal sealed record Seed(string Family, string Text, bool IsLater)
{
    public const string Ordinary = "ordinary";

    /// <summary>
    /// Kept back from tuning: by the hash of the text, so that no form of it has been seen either. What fails of the others is printed;
    /// of these only the rates are.
    /// </summary>
    public bool IsKeptBack => SHA256.HashData(Encoding.UTF8.GetBytes(Text))[0] is var hash && IsLater ? hash % 2 == 0 : hash % 5 < 2;
}

/// <summary>
/// The labelled corpus: lines of files, one per family of attacks and one of ordinary text, written for this test from what is commonly
/// known of such attacks. In the files a symbol stands for a line break.
/// </summary>
internal static class Corpus
{
    private static readonly (string Name, Func<string, string> Write)[] Forms =
    [
        ("plain", text => text),
        ("percent", Uri.EscapeDataString),
        ("percent twice", text => Uri.EscapeDataString(Uri.EscapeDataString(text))),
        ("unicode", text => string.Concat(text.Select(one => char.IsAsciiLetterOrDigit(one) ? $"{one}" : $"\\u{(int)one:x4}"))),
        ("entities", text => string.Concat(text.Select(one => char.IsAsciiLetterOrDigit(one) ? $"{one}" : $"&#{(int)one};"))),
        ("hexadecimal", text => string.Concat(text.Select(one => one > 127 ? $"{one}" : $"%{(int)one:X2}"))),
        ("Base64", text => Convert.ToBase64String(Encoding.UTF8.GetBytes(text))),
        ("Base64 for URLs", text => Convert.ToBase64String(Encoding.UTF8.GetBytes(text)).TrimEnd('=').Replace('+', '-').Replace('/', '_')),
        ("plus", text => text.Replace(' ', '+')),
        ("in JSON", text => $$"""{"note":"{{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal).Replace("\r", "\\r", StringComparison.Ordinal)}}"}"""),
    ];

    private static readonly FieldKind[] Kinds = [FieldKind.QueryValue, FieldKind.JsonValue, FieldKind.FormValue, FieldKind.Header, FieldKind.Cookie];

    private static IEnumerable<string> Families => ["sql", "xss", "shell", "code", "nosql", "ldap", "template", "xxe", "traversal", "ssrf", "crlf"];

    /// <summary>Every attack in every form, in a field that changes from one to the next.</summary>
    public static IEnumerable<Sample> Attacks()
    {
        foreach (var (number, seed) in Families.SelectMany(Lines).Concat(Later()).Index())
        {
            foreach (var (form, (name, write)) in Forms.Index())
                yield return new(seed, name, Kinds[(number + form) % Kinds.Length], write(seed.Text));
            yield return new(seed, "upper case", FieldKind.QueryValue, IsCaseless(seed.Family) ? seed.Text.ToUpperInvariant() : seed.Text);
            yield return new(seed, "in a path", FieldKind.Path, seed.Text);
        }
    }

    /// <summary>Every ordinary text as it is, escaped for JSON or a URL, and in Base64.</summary>
    public static IEnumerable<Sample> OrdinaryTexts()
    {
        foreach (var seed in Lines(Seed.Ordinary).Concat(Lines("ordinary-later")))
        {
            var inLines = seed.Text.Contains('\n', StringComparison.Ordinal);
            foreach (var kind in (FieldKind[])[FieldKind.QueryValue, FieldKind.JsonValue, FieldKind.FormValue])
            {
                if (!inLines || kind != FieldKind.QueryValue)
                    yield return new(seed, "plain", kind, seed.Text);
            }

            foreach (var (name, write) in Forms.Where(form => form.Name is "in JSON" or "percent" or "Base64" && !inLines))
                yield return new(seed, name, FieldKind.QueryValue, write(seed.Text));
        }
    }

    /// <summary>The attacks that came later, in one file: a line "== family" begins each family.</summary>
    private static IEnumerable<Seed> Later()
    {
        var family = "";
        foreach (var line in Lines("attacks-later"))
        {
            if (line.Text.StartsWith("== ", StringComparison.Ordinal))
                family = line.Text[3..];
            else
                yield return line with { Family = family };
        }
    }

    private static IEnumerable<Seed> Lines(string name)
    {
        var later = name.EndsWith("-later", StringComparison.Ordinal);
        using var reader = new StreamReader(typeof(Corpus).Assembly.GetManifestResourceStream(name)!);
        while (reader.ReadLine() is { } line)
        {
            if (line.Length > 0)
                yield return new(later ? Seed.Ordinary : name, line.Replace('␊', '\n').Replace('␍', '\r').Replace('␀', '\0'), later);
        }
    }

    private static bool IsCaseless(string family) => family is "sql" or "traversal" or "crlf" or "xxe";
}
