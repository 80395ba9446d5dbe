using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using CsCheck;

namespace SecureShop.Testing;

/// <summary>JSON that nobody means well with, as text: much of it no serializer would write.</summary>
public static class HostileJson
{
    private static readonly string[] Texts =
    [
        "", " ", "\0", "a\0b", "null", "undefined", "NaN", "true", "-1", "0", "1e309", "0x1F", "'; drop table orders.orders; --", "' or '1'='1", "\"; --", "$ne", "{{7*7}}", "${jndi:ldap://a/b}", "<script>alert(1)</script>",
        "../../etc/passwd", "%00", "%0d%0aSet-Cookie: a=b", "http://169.254.169.254/", "file:///etc/passwd", "\u202Egnp.exe", "\uFEFF", "\u200B", "\uD800", "\uDC00\uD800", "\u0085", "\u2028", "\u007F", "a\u0301\u0301\u0301", "\uFFFE", "\u0130\u0131", "ﷺﷺﷺﷺ", "🏴‍☠️", "00000000-0000-0000-0000-000000000000",
        "{0198f000-0000-7000-8000-000000000001}", "2026-02-30T25:61:61Z", "9999-12-31T23:59:60+99:99", "EUR", "eur", "__proto__", "constructor", "System.Object, mscorlib",
    ];

    private static readonly string[] Numbers =
    [
        "0", "-0", "-1", "1", "00", "01", "+1", ".5", "5.", "1e0", "1e400", "-1e400", "1E-400", "0.1e1", "1.005", "0.004", "100", "101", "2147483647", "2147483648", "-2147483649", "4294967296", "9223372036854775808", "18446744073709551616",
        "79228162514264337593543950336", "0.0000000000000000000000000001", "99999999999999999999999999999999999999999999", "1e-30", "0x10", "1_000", "Infinity", "-Infinity", "NaN",
    ];

    /// <summary>Any text: a known trick, or characters from all over Unicode, halves of pairs too.</summary>
    public static Gen<string> Text { get; } = Gen.Frequency<string>(
        (3, Gen.OneOf(Texts)),
        (2, Gen.String[Gen.Char['\0', '\u007F'], 0, 40]),
        (1, Gen.String[Gen.Char['\u0080', '\uFFFF'], 0, 40]),
        (1, Gen.Int[1, 6000].Select(length => new string('x', length))));

    /// <summary>Any value: text, number, literal, list or object, some of them deep.</summary>
    public static Gen<string> Value { get; } = Gen.Frequency<string>(
        (5, Text.Select(Quote)),
        (4, Gen.OneOf(Numbers)),
        (1, Gen.Double.Select(number => number.ToString("R", CultureInfo.InvariantCulture))),
        (1, Gen.Long.Select(number => number.ToString(CultureInfo.InvariantCulture))),
        (2, Gen.OneOf("null", "true", "false", "True", "nul", "", "[]", "{}", "[null]", "[[[[]]]]", "{\"\":0}", "{\"$type\":\"System.Object\"}", "\"", "'a'", "/**/1", "1,", "\"\\uD800\"", "\"\\x\"")),
        (1, Gen.Int[1, 200].Select(depth => new string('[', depth) + new string(']', depth))),
        (1, Gen.Int[1, 100].Select(depth => string.Concat(Enumerable.Repeat("{\"a\":", depth)) + "0" + new string('}', depth))),
        (1, Gen.Select(Text, Gen.OneOf(Numbers), (name, number) => $"{{{Quote(name)}:{number}}}")));

    /// <summary>What lies just within and just beyond the bounds of <paramref name="schema"/>, and other spellings of what it names.</summary>
    public static Gen<string> Near(JsonNode schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        var edges = new List<string>();
        foreach (var bound in new[] { "minimum", "maximum" })
        {
            if (schema[bound] is { } value && decimal.TryParse(value.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var edge))
                edges.AddRange(new[] { edge - 1, edge, edge + 1, edge + 0.5m }.Select(number => number.ToString(CultureInfo.InvariantCulture)));
        }

        if (schema["maxLength"] is { } most && (int)most < 10_000)
            edges.AddRange(new[] { (int)most - 1, (int)most, (int)most + 1 }.SelectMany(length => new[] { new string('é', Math.Max(length, 0)), string.Concat(Enumerable.Repeat("🙂", Math.Max(length, 0))) }).Select(Quote));
        if (schema["enum"] is JsonArray names)
            edges.AddRange(names.SelectMany(name => new[] { $"{name}".ToUpperInvariant(), $" {name}", $"{name}\0" }).Select(Quote));
        if ((string?)schema["format"] == "uuid")
            edges.AddRange(new[] { "N", "B", "P", "X" }.Select(form => Quote(Guid.Empty.ToString(form))));
        return edges.Count == 0 ? Value : Gen.OneOf(edges.ToArray());
    }

    /// <summary>Text as JSON, whatever it holds: halves of pairs stay what they are.</summary>
    public static string Quote(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var quoted = new StringBuilder(text.Length + 2).Append('"');
        foreach (var one in text)
        {
            if (one is '"' or '\\' || char.IsControl(one) || char.IsSurrogate(one))
                quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)one:X4}");
            else
                quoted.Append(one);
        }

        return quoted.Append('"').ToString();
    }
}
