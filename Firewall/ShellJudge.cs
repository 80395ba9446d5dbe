using System.Buffers;
using System.Collections.Frozen;

namespace SecureShop.Firewall;

/// <summary>
/// Finds commands where a shell would see one: behind an operator, in a substitution, or as the whole value. Many commands are words of
/// English, so that one alone says little: it counts with an argument that only a shell has, or with no sentence around.
/// </summary>
internal static class ShellJudge
{
    private const int MaxTable = 400;

    private static readonly SearchValues<char> NoTable = SearchValues.Create("$`/\\<>&|\n'\"(){}*#");
    private static readonly SearchValues<char> Operators = SearchValues.Create(";|&\n$`<>{");

    // ${IFS} is a space that is none, $'\x63' a letter.
    private static readonly string[] Variables = ["IFS", "{IFS", "{PATH", "{HOME", "{SHELL", "'\\"];
    private static readonly string[] Redirections =
        [">&/dev/", ">/dev/tcp", "> /dev/tcp", ">& /dev/", ">/tmp/", ">/var/", ">&1", "<>/dev/tcp", "<<<'", "<<<\"", "<<<$"];

    // Shellshock, and a fork bomb.
    private static readonly string[] Functions = ["() {", "(){"];
    private static readonly SearchValues<string> FunctionsInside = SearchValues.Create(["() { :", ":(){"], StringComparison.Ordinal);

    private static readonly FrozenSet<string> ScriptTypes = Words.Set("exe sh bat");
    private static readonly string[] ProgramFolders = ["/bin/", "/usr/", "/sbin/"];
    private static readonly string[] Paths = ["/dev/tcp/", "cmd.exe", "cmd /c", "powershell -", "powershell.exe"];

    public static void Judge(Text text, Inspection found)
    {
        // shell-program: "cat /etc/passwd" as the whole value, or a program by its path.
        if (IsLineOfItsOwn(text) || HasProgramPath(text, out var inProse))
            found.Hit(Rules.ShellProgram);
        else if (inProse)
            found.Hit(Rules.ShellProse);

        // shell-command: () { :;}; is how Shellshock begins, and :(){ :|:& };: a fork bomb.
        if (text.Value.StartsWithAny(Functions) || text.Value.ContainsAny(FunctionsInside))
            found.Hit(Rules.ShellCommand);
        if (!IsTable(text.Value))
            JudgeOperators(text, found);
        if (IsDisguised(text.Value))
            found.Hit(Rules.ShellDisguise);
    }

    private static void JudgeOperators(Text text, Inspection found)
    {
        var value = text.Value;
        for (var index = 0; index < value.Length && !found.IsAttack;)
        {
            var next = value[index..].IndexOfAny(Operators);
            if (next < 0)
                return;
            var at = index + next;
            index = at + 1;
            var rest = value[index..];
            switch (value[at])
            {
                case '$' or '<' or '>' when rest is ['(', ..]:
                    JudgeSubstitution(text, at, rest[1..], ')', found);
                    break;
                case '`':
                    JudgeSubstitution(text, at, rest, '`', found);
                    break;
                case '$' when rest.StartsWithAny(Variables):
                case '{' when text.IsOneWord && IsBraceList(Text.Near(rest)):
                    found.Hit(Rules.ShellDisguise);
                    break;
                case '>' or '<' when value[at..].StartsWithAny(Redirections):
                    found.Hit(Rules.ShellCommand, Rules.ShellProse, text.IsProse(at));
                    break;
                case ';' or '|' or '&' or '\n':
                    while (index < value.Length && value[index] is '|' or '&')
                        index++;
                    var behind = index;
                    index = Text.SkipSpaces(value, index);
                    if (IsLineBehind(text, behind, index) && !(value[at] == '\n' && text.IsSentence))
                        found.Hit(Rules.ShellCommand, Rules.ShellProse, text.IsProse(at));
                    break;
            }
        }
    }

    /// <summary>shell-substitution: $(id), `id`, &lt;(id).</summary>
    private static void JudgeSubstitution(Text text, int at, ReadOnlySpan<char> rest, char close, Inspection found)
    {
        var inner = Text.Near(rest);
        inner = (inner.IndexOf(close) is >= 0 and var length ? inner[..length] : inner).TrimStart(" \t(<{");
        if (inner.IsEmpty)
            return;
        var word = ShellWord.Read(inner, stackalloc char[ShellWord.MaxLength]);
        var isPath = word.Value.Length > 1 && word.Value[0] is '/' or '~' or '.' && word.Value.Contains('/');
        if (!isPath && !word.IsDisguised && !ShellWords.IsCommand(word.Value))
            return;

        // Markdown writes code between backticks. In a shell nothing but the value is around them.
        var isMarkdown = close == '`' && !text.IsOneWord && !text.Value[..at].Trim(" ;|&\"'").IsEmpty;
        found.Hit(Rules.ShellSubstitution, Rules.ShellProse, isMarkdown || text.IsProse(at));
    }

    /// <summary>The value is a command, with an argument: "cat" alone is an animal, and "cat 5" a cable.</summary>
    private static bool IsLineOfItsOwn(Text text)
    {
        var start = Text.SkipSpaces(text.Value, 0);
        while (start < text.Value.Length && text.Value[start] is '(' or '{' or '!' or '"')
            start = Text.SkipSpaces(text.Value, start + 1);
        var word = ShellWord.Read(text.Value[start..], stackalloc char[ShellWord.MaxLength]);
        if (word.Value.IsEmpty)
            return false;
        var argument = ShellArguments.Has(word.Rest);
        if (word.IsDisguised && (argument || ShellWords.IsCommand(word.Value)))
            return true;
        if (IsPath(word.Value))
            return IsProgram(word.Value) && (argument || word.Rest.Trim().IsEmpty) && IsCommandOrGlob(word.Value[(word.Value.LastIndexOf('/') + 1)..]);
        if (IsScript(word.Value))
            return argument;

        // Nearer than behind an operator: "find the best one at /lamps" is a sentence.
        var isNear = ShellArguments.IsOption(word.Rest) || ShellArguments.HasAmong(word.Rest, words: 1);
        return argument && isNear && ShellWords.IsCommand(word.Value) && !IsNumber(word.Rest);
    }

    /// <summary>A command behind an operator.</summary>
    /// <param name="text">The text.</param>
    /// <param name="index">Behind the operator.</param>
    /// <param name="start">Behind the spaces there.</param>
    private static bool IsLineBehind(Text text, int index, int start)
    {
        var value = text.Value;
        while (start < value.Length && value[start] is '(' or '{' or '!' or '"' or '\'')
            start = Text.SkipSpaces(value, start + 1);
        var word = ShellWord.Read(value[start..], stackalloc char[ShellWord.MaxLength]);
        if (word.Value.IsEmpty)
            return false;
        var tight = start == index;
        if (tight && index == 1 && IsAnyCommand(value[0], word, text))
            return true;
        var argument = ShellArguments.Has(word.Rest) && (tight || !ShellArguments.IsCount(word.Rest));
        var known = ShellWords.IsCommand(word.Value);
        if (word.IsDisguised && (argument || known || (word.Value.Length > 1 && text.IsOneWord)))
            return true;
        if (IsPath(word.Value))
            return IsProgram(word.Value) || word.Value.StartsWith("/tmp/") || (word.Value is ['.' or '~', '/', _, _, ..]);
        if (IsScript(word.Value))
            return argument || !text.IsSentence;

        // if [ x ], for i in $(ls); do ...
        if (word.Value is "if" or "for" or "while")
            return word.Rest.TrimStart() is ['[', ..] || word.Rest.Contains("$(", StringComparison.Ordinal);

        // A program that nobody has listed: with an option, and no sentence around.
        if (!known)
            return value[index - 1] is '|' or ';' && ShellArguments.IsOption(word.Rest) && !text.IsSentence;

        // Nothing in front of the operator: nobody begins a sentence so.
        var before = value[..index].Trim(" ;|&\n");
        if (argument || before.IsEmpty)
            return true;
        return IsBareCommand(text, word, tight, before) && !(value[index - 1] == '|' && word.Rest.StartsWith(" |"));
    }

    /// <summary>;compgen -c: an operator as the first letter, and a word in small letters that no list has. Nobody writes so.</summary>
    private static bool IsAnyCommand(char sign, ShellWord word, Text text)
    {
        if (word.Value.Length < 2 || word.Value.ContainsAnyExceptInRange('a', 'z') || text.IsSentence)
            return false;
        var isAlone = word.Rest.Trim().IsEmpty;
        return sign switch
        {
            ';' => isAlone || char.IsWhiteSpace(word.Rest[0]),
            '|' => !isAlone && char.IsWhiteSpace(word.Rest[0]) && ShellArguments.Has(word.Rest),
            _ => false,
        };
    }

    /// <summary>x;id and x|cat; but "wait; sleep" is English, and has a space behind the operator or a sentence around.</summary>
    private static bool IsBareCommand(Text text, ShellWord word, bool tight, ReadOnlySpan<char> before)
    {
        var rest = word.Rest.TrimStart();
        var goesOn = rest is [';' or '|' or '&' or '#', ..];
        if (!goesOn && rest is not ([] or ['`' or ')' or '\n' or '\r' or '"' or '\'' or '\0' or '<' or '>' or '%' or '}', ..]))
            return false;
        if (tight)
            return !text.IsSentence || !ShellWords.IsEnglish(word.Value);
        return !text.IsSentence && (goesOn || ShellWords.DoesSomethingAlone(word.Value)) && (ShellWords.IsProgram(word.Value) || !before.Contains(' '));
    }

    /// <summary>id;name;date: a row of a table, which has words between its commas that are no commands and no arguments.</summary>
    private static bool IsTable(ReadOnlySpan<char> value)
    {
        var (fields, programs, others) = (0, 0, 0);
        if (value.Length > MaxTable || value.ContainsAny(NoTable))
            return false;
        foreach (var range in value.Split(';'))
        {
            var field = value[range].Trim();
            var word = field[..Text.WordEnd(field, 0)];
            if (word.IsEmpty || field.Contains(" -", StringComparison.Ordinal))
                return false;
            fields++;
            programs += ShellWords.IsProgram(word) && !ShellWords.IsEnglish(word) ? 1 : 0;
            others += ShellWords.IsCommand(word) ? 0 : 1;
        }

        return fields > 2 && programs == 0 && others > 0;
    }

    /// <summary>shell-disguise: c''at /etc/passwd at the beginning of the value.</summary>
    private static bool IsDisguised(ReadOnlySpan<char> value)
    {
        if (value.Length < 4 || !value.ContainsAny("'\"\\$"))
            return false;
        var word = ShellWord.Read(value.TrimStart(), stackalloc char[ShellWord.MaxLength]);
        return word.IsDisguised && ShellWords.IsCommand(word.Value) && (word.Value.Length > 3 || value.ContainsAny("/-$"));
    }

    /// <summary>{cat,/etc/passwd} is a command and its argument without a space.</summary>
    private static bool IsBraceList(ReadOnlySpan<char> rest)
        => rest.IndexOf(',') is > 0 and < 12 and var comma && rest.Contains('}') && ShellWords.IsCommand(rest[..comma].Trim("\"'"));

    /// <summary>Programs by their paths anywhere; in a sentence a path is a path.</summary>
    private static bool HasProgramPath(Text text, out bool inProse)
    {
        inProse = false;
        var value = text.Value;
        var at = Text.Find(value, "/bin/", 0);
        if (at >= 0)
        {
            var name = value[(at + 5)..Text.WordEnd(value, at + 5)];
            var isGlob = at + 5 < value.Length && value[at + 5] is '?' or '*';
            at = isGlob || ShellWords.IsCommand(name) ? at : -1;
        }

        foreach (var path in Paths)
            at = at < 0 ? Text.Find(value, path, 0) : at;
        inProse = at >= 0 && (text.IsSentence || text.IsProse(at) || value.StartsWith("#!"));
        return at >= 0 && !inProse;
    }

    private static bool IsPath(ReadOnlySpan<char> word) => word.Length > 2 && word[0] is '/' or '.' or '~';

    /// <summary>/bin/x, /usr/x, or letters replaced by signs: /???/c?t. An address has its question mark behind its last slash.</summary>
    private static bool IsProgram(ReadOnlySpan<char> path)
        => path.StartsWithAny(ProgramFolders) || (path.LastIndexOf('/') is > 0 and var slash && path[..slash].ContainsAny("?*"));

    private static bool IsCommandOrGlob(ReadOnlySpan<char> name) => name.ContainsAny("?*") || ShellWords.IsCommand(name);

    private static bool IsScript(ReadOnlySpan<char> word)
    {
        var name = word[..Math.Max(0, word.LastIndexOf('.'))];
        return !name.IsEmpty && ScriptTypes.Has(word[(name.Length + 1)..]);
    }

    private static bool IsNumber(ReadOnlySpan<char> rest) => char.IsAsciiDigit(rest.TrimStart()[0]) && !rest.Contains('.');
}
