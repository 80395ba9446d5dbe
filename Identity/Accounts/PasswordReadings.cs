using System.Text.RegularExpressions;

namespace SecureShop.Identity.Accounts;

/// <summary>What a guesser sees in a password besides what is written there.</summary>
internal static partial class PasswordReadings
{
    private const string RussianKeys = "йцукенгшщзхъфывапролджэячсмитьбю";
    private const string LatinKeys = "qwertyuiop[]asdfghjkl;'zxcvbnm,.";

    /// <summary>"p@55w0rd" as the word it stands for.</summary>
    public static string Leet(string text) => string.Concat(text.Select(c => c switch
    {
        '0' => 'o',
        '1' or '!' or '|' => 'i',
        '3' => 'e',
        '4' or '@' => 'a',
        '5' or '$' => 's',
        '7' or '+' => 't',
        '8' => 'b',
        '9' or '6' => 'g',
        _ => c,
    }));

    /// <summary>The same keys with the keyboard switched from Russian to Latin: the walks over it are walks over that one.</summary>
    public static string Latin(string text) => string.Concat(text.Select(c
        => RussianKeys.IndexOf(char.ToLowerInvariant(c), StringComparison.Ordinal) is >= 0 and var key ? LatinKeys[key] : c));

    /// <summary>The other way round.</summary>
    public static string Backwards(string text) => new([.. text.Reverse()]);

    /// <summary>What repeats once.</summary>
    public static string Once(string text) => Repeats().Replace(text, "${once}");

    [GeneratedRegex(@"(?<once>.{2,24}?)\k<once>+|(?<once>.)\k<once>{2,}", RegexOptions.ExplicitCapture | RegexOptions.Singleline, 1000)]
    private static partial Regex Repeats();
}
