namespace SecureShop.Firewall;

/// <summary>What stands behind a command and in no sentence: options, paths, addresses, variables, redirections, quotes.</summary>
internal static class ShellArguments
{
    /// <summary>Whether the words behind a command have one among them.</summary>
    public static bool Has(ReadOnlySpan<char> rest)
    {
        var argument = rest.TrimStart();
        if (argument.IsEmpty)
            return false;

        // cat</etc/passwd and cat$IFS/etc/passwd have no space.
        if (argument.Length == rest.Length)
            return argument[0] is '<' or '$' or '>' && argument.Length > 1;
        return IsOption(rest) || HasAmong(rest, words: 4);
    }

    /// <summary>-x or --xyz as the next word.</summary>
    public static bool IsOption(ReadOnlySpan<char> rest)
        => rest.TrimStart() is ['-', var letter, ..] && (char.IsAsciiLetterOrDigit(letter) || letter == '-') && char.IsWhiteSpace(rest[0]);

    /// <summary>One digit alone counts things: "Node 2; Python 3".</summary>
    public static bool IsCount(ReadOnlySpan<char> rest) => rest.Trim() is [>= '0' and <= '9'];

    /// <summary>Whether the first of some words is an argument, or one of the others is one that cannot be a word.</summary>
    public static bool HasAmong(ReadOnlySpan<char> rest, int words)
    {
        var left = rest.TrimStart();
        for (var number = 0; number < words && !left.IsEmpty; number++)
        {
            var end = left.IndexOfAny(" \t\n") is >= 0 and var stop ? stop : left.Length;
            if (IsOne(left[..end]) || (number == 0 && IsFileOrNumber(left[..end])))
                return true;
            left = left[end..].TrimStart();
        }

        return false;
    }

    private static bool IsOne(ReadOnlySpan<char> word)
    {
        if (word[0] is '/' or '~' or '$' or '<' or '>' or '"' or '\'' or '*' or '{')
            return word.Length > 1 || word[0] is not ('*' or '{');
        return word.StartsWith("./") || word.StartsWith("../") || word.IndexOfAny("\\/$") > 0 || word is ['-', >= 'A' and <= 'z', ..];
    }

    private static bool IsFileOrNumber(ReadOnlySpan<char> word) => (char.IsAsciiDigit(word[0]) || word.Contains('.')) && word[^1] != '.';
}
