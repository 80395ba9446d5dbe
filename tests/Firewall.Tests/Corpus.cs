using System.Security.Cryptography;
using System.Text;

namespace SecureShop.Firewall.Tests;

/// <summary>A text of the corpus: an attack of a family, or ordinary, in one of the forms that it may have in a request.</summary>
internal sealed record Sample(string Family, string Seed, string Form, FieldKind Kind, string Text)
{
    public const string Ordinary = "ordinary";

    /// <summary>
    /// Kept back from tuning: by the hash of the seed, so that no form of it has been seen either. What fails of the others is printed;
    /// of these only the rates are.
    /// </summary>
    public bool IsKeptBack => SHA256.HashData(Encoding.UTF8.GetBytes(Seed))[0] % 5 < 2;
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

    private static readonly FieldKind[] Kinds = [FieldKind.QueryValue, FieldKind.JsonValue, FieldKind.FormValue, FieldKind.Header, FieldKind.Cookie, FieldKind.Path];

    public static IEnumerable<string> Families => ["sql", "xss", "shell", "code", "nosql", "ldap", "template", "xxe", "traversal", "ssrf", "crlf"];

    /// <summary>Every attack in every form, in a field that changes from one to the next.</summary>
    public static IEnumerable<Sample> Attacks()
    {
        var number = 0;
        foreach (var family in Families)
        {
            foreach (var seed in Lines(family))
            {
                foreach (var (name, write) in Forms)
                    yield return new(family, seed, name, Kinds[number++ % 5], write(seed));
                yield return new(family, seed, "upper case", FieldKind.QueryValue, IsCaseless(family) ? seed.ToUpperInvariant() : seed);
                yield return new(family, seed, "in a path", FieldKind.Path, seed);
            }
        }
    }

    /// <summary>Every ordinary text as it is, escaped for JSON or a URL, and in Base64.</summary>
    public static IEnumerable<Sample> OrdinaryTexts()
    {
        foreach (var seed in Lines(Sample.Ordinary))
        {
            foreach (var kind in (FieldKind[])[FieldKind.QueryValue, FieldKind.JsonValue, FieldKind.FormValue])
            {
                if (!seed.Contains('\n', StringComparison.Ordinal) || kind != FieldKind.QueryValue)
                    yield return new(Sample.Ordinary, seed, "plain", kind, seed);
            }

            foreach (var (name, write) in Forms.Where(form => form.Name is "in JSON" or "percent" or "Base64" && !seed.Contains('\n', StringComparison.Ordinal)))
                yield return new(Sample.Ordinary, seed, name, FieldKind.QueryValue, write(seed));
        }
    }

    public static IEnumerable<string> Lines(string name)
    {
        using var reader = new StreamReader(typeof(Corpus).Assembly.GetManifestResourceStream(name)!);
        while (reader.ReadLine() is { } line)
        {
            if (line.Length > 0)
                yield return line.Replace('␊', '\n').Replace('␍', '\r').Replace('␀', '\0');
        }
    }

    private static bool IsCaseless(string family) => family is "sql" or "traversal" or "crlf" or "xxe";
}
