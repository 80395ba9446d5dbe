using System.Collections.Frozen;
using System.Text;

namespace SecureShop.Firewall;

/// <summary>
/// A value as a database would read it, as the kinds of its tokens: <c>' or 1=1--</c> is <c>shut0 or num eq num -- end</c>. That is what
/// <see cref="SqlGrammar"/> speaks about: whatever the names, the spaces, the comments and the case are, the sentence is the same. Each
/// kind is one character of <see cref="Sentence"/>.
/// </summary>
internal sealed class SqlTokens
{
    private const int LongTail = 40;
    private const int ShortComment = 8;

    // The words of SQL that the grammar knows, by the kind that they count as; without one they stand for themselves. All others are "word".
    private static readonly FrozenDictionary<string, string> Kinds = new (string Kind, string Names)[]
    {
        ("", """
            not null union select from where having into case when by values set to as on binary limit procedure analyse delay time outfile
            dumpfile drop create alter truncate insert delete update declare waitfor shutdown grant copy attach backup cascade identified
            add modify password program stdin stdout if exists usage with
            """),
        ("or", "or and xor"),
        ("like", "like rlike regexp glob similar ilike in is between div mod sounds collate"),
        ("null", "true false"),
        ("all", "all distinct distinctrow"),
        ("clause", "offset join inner outer natural cross using window fetch for"),
        ("group", "order group"),
        ("union", "intersect except minus"),
        ("exec", "exec execute"),
        ("object", "table database schema user login view index function trigger role extension column sequence"),

        // What waits, reads files or speaks with other servers.
        ("sleep", "sleep pg_sleep benchmark load_file extractvalue updatexml xp_cmdshell dbms_pipe dbms_lock utl_http utl_inaddr randomblob"),
        ("call", """
            ascii substr substring mid left right length len char chr concat concat_ws version current_user system_user session_user convert
            cast iif ifnull isnull nvl count exp rand floor md5 sha1 hex unhex ord char_length row group_concat string_agg decode coalesce
            elt make_set lower upper power name_const polygon geometrycollection multipoint linestring xmltype json_keys sum max min avg
            json_extract instr strcmp bin to_char lpad reverse position locate current_setting pg_read_file lo_import query_to_xml
            """),
    }
    .SelectMany(entry => Words.Split(entry.Names), (entry, name) => (Name: name, Kind: entry.Kind.Length == 0 ? name : entry.Kind))
    .ToFrozenDictionary(word => word.Name, word => word.Kind, StringComparer.OrdinalIgnoreCase);

    // What is no word: literals, the end of the one that the value stands in, comments and signs. Brackets and stops are themselves.
    private static readonly string[] Others =
        Words.Split("num str nil tail tail0 prose var word word_ shut0 shut1 shut2 -- remark op sign star eq both cast other end");

    private static readonly FrozenDictionary<string, char> Letters = Kinds.Values.Concat(Others).Distinct(StringComparer.Ordinal).Index()
        .ToFrozenDictionary(kind => kind.Item, kind => (char)('\u0100' + kind.Index), StringComparer.Ordinal);

    private readonly StringBuilder kinds = new();
    private readonly List<int> places = [];

    private SqlTokens()
    {
    }

    /// <summary>The kinds, one character each.</summary>
    public string Sentence { get; private set; } = "";

    /// <summary>The character of a kind.</summary>
    public static char LetterOf(string kind) => kind is ['(' or '[' or ')' or ',' or '.' or ';'] ? kind[0] : Letters[kind];

    /// <summary>Where in the text a token stands.</summary>
    public int PlaceOf(int token) => places[token];

    /// <summary>Reads from one of the places that a value may stand in.</summary>
    /// <param name="text">The value.</param>
    /// <param name="quote">The quote that it stands in, or NUL where it stands bare.</param>
    public static SqlTokens Read(ReadOnlySpan<char> text, char quote)
    {
        var tokens = new SqlTokens();
        var index = 0;
        if (quote != '\0' && text.IndexOf(quote) is >= 0 and var end)
        {
            tokens.Add(0, Shut(text[..end], quote));
            index = end + 1;
        }

        while (Text.SkipSpaces(text, index) is var start && start < text.Length)
            index = tokens.Next(text, start, spaced: start > index);
        tokens.Add(text.Length, "end");
        tokens.Sentence = tokens.kinds.ToString();
        return tokens;
    }

    /// <summary>The end of the literal that the value stands in: at its very beginning, behind a word, or behind a sentence or inches.</summary>
    private static string Shut(ReadOnlySpan<char> before, char quote)
    {
        if (before.IsEmpty)
            return "shut0";
        return before.Trim().Contains(' ') || (quote == '"' && char.IsAsciiDigit(before[^1])) ? "shut2" : "shut1";
    }

    private void Add(int start, string kind)
    {
        places.Add(start);
        kinds.Append(LetterOf(kind));
    }

    /// <summary>Reads one token, and says where the next begins.</summary>
    private int Next(ReadOnlySpan<char> text, int start, bool spaced)
    {
        var one = text[start];
        if (one is '\'' or '"' or '`')
            return Quoted(text, start);
        if (char.IsAsciiDigit(one) || (one == '.' && start + 1 < text.Length && char.IsAsciiDigit(text[start + 1])))
            return Number(text, start);
        if (one == '@' || Text.IsWordChar(one))
            return Word(text, start);
        return Comment(text, start, spaced) is > 0 and var end ? end : Sign(text, start, spaced);
    }

    private int Quoted(ReadOnlySpan<char> text, int start)
    {
        var length = text[(start + 1)..].IndexOf(text[start]);
        if (length < 0)
        {
            // Its other quote is in the statement around the value.
            Add(start, text[start..].Trim().Length switch { <= 2 => "tail0", < LongTail => "tail", _ => "prose" });
            return text.Length;
        }

        Add(start, length == 0 ? "nil" : "str");
        return start + length + 2;
    }

    private int Number(ReadOnlySpan<char> text, int start)
    {
        var (index, digits) = (start, start);
        while (index < text.Length && (char.IsAsciiLetterOrDigit(text[index]) || text[index] == '.'))
            index++;

        // "1or" and "1e0union" are a number and a word to databases.
        while (digits < index && (char.IsAsciiDigit(text[digits]) || text[digits] == '.'))
            digits++;
        if (digits + 1 < index && text[digits] is 'e' or 'E' && char.IsAsciiDigit(text[digits + 1]))
            digits += 2;
        Add(start, "num");
        return digits < index && KindOf(text[digits..index]) != "word" ? digits : index;
    }

    private int Word(ReadOnlySpan<char> text, int start)
    {
        var index = start;
        while (index < text.Length && (Text.IsWordChar(text[index]) || text[index] is '@' or '$'))
            index++;
        Add(start, text[start] == '@' ? "var" : KindOf(text[start..index]));
        return index;
    }

    private static string KindOf(ReadOnlySpan<char> word)
    {
        if (Kinds.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(word, out var kind))
            return kind;
        return word.Contains('_') ? "word_" : "word";
    }

    /// <summary>The end of a comment, or 0 if there is none.</summary>
    private int Comment(ReadOnlySpan<char> text, int start, bool spaced)
    {
        var rest = text[start..];

        // What stands in a comment of MySQL's own is read as if the comment were not there.
        if (rest.StartsWith("/*!"))
            return start + 3 + (rest[3..].IndexOfAnyExceptInRange('0', '9') is >= 0 and var digits ? digits : rest.Length - 3);
        if (rest.StartsWith("*/"))
            return start + 2;
        if (rest.StartsWith("/*") && rest[2..].IndexOf("*/") is >= 0 and var inner)
            return start + inner + 4;
        if (rest[0] != '#' && !rest.StartsWith("--") && !rest.StartsWith("/*"))
            return 0;
        var length = !rest.StartsWith("/*") && rest.IndexOfAny('\r', '\n') is > 0 and var line ? line : rest.Length;

        // One that ends a statement says nothing; one that does is a sentence's dash or a number sign.
        var said = rest[..length].TrimStart("-#/*").Trim();
        var silent = said.Length <= ShortComment && !said.Contains(' ') && (said.IsEmpty || !spaced || rest[0] == '-');
        Add(start, silent ? "--" : "remark");
        return start + length;
    }

    private int Sign(ReadOnlySpan<char> text, int start, bool spaced)
    {
        var rest = text[start..];
        var (kind, length) = rest[0] switch
        {
            '|' when rest.StartsWith("||") => ("both", 2),
            '&' when rest.StartsWith("&&") => ("both", 2),
            '!' when rest.Length == 1 || rest[1] is not ('=' or '<' or '>') => ("op", 1),
            '<' or '>' or '=' or '!' => ("eq", rest[1..].IndexOfAnyExcept("=<>") is >= 0 and var end ? Math.Min(2, end) + 1 : Math.Min(rest.Length, 3)),
            ':' when rest.StartsWith("::") => ("cast", 2),
            '*' => ("star", 1),
            '+' or '-' or '~' => ("sign", 1),
            '/' or '%' or '^' or '&' or '|' or ':' => ("op", 1),
            '(' => (spaced ? "[" : "(", 1),
            ')' or ',' or '.' or ';' => (rest[..1].ToString(), 1),
            _ => ("other", 1),
        };
        Add(start, kind);
        return start + length;
    }
}
