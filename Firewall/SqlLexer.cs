using System.Collections.Frozen;

namespace SecureShop.Firewall;

/// <summary>The words of SQL that the judgement knows; of all others it only knows that they are words.</summary>
internal enum Sql
{
    /// <summary>What is no word.</summary>
    None,

    /// <summary>A name, or a word of a language.</summary>
    Word,
    Logical,
    Not,
    Compare,
    Null,
    Function,
    Delay,
    Union,
    Select,
    From,
    All,
    Clause,
    By,
    Group,
    Having,
    Where,
    Into,
    Case,
    Verb,
    Object,
}

/// <summary>What a token is.</summary>
internal enum SqlKind
{
    End,
    Word,
    Number,
    Text,

    /// <summary>A string whose end is not in the value: the statement around it has it.</summary>
    OpenText,
    Variable,
    Comment,
    Operator,
    Compare,
    Logical,
    Open,
    Close,
    Comma,
    Dot,
    Semicolon,
    Other,
}

/// <summary>A token, and where it stands.</summary>
internal readonly record struct SqlToken(SqlKind Kind, Sql Word, int Start, int Length, bool Spaced)
{
    public bool IsLiteral => Kind is SqlKind.Number or SqlKind.Text or SqlKind.OpenText or SqlKind.Variable || Word == Sql.Null;

    public bool IsLogical => Kind == SqlKind.Logical || Word == Sql.Logical;

    public bool IsCompare => Kind == SqlKind.Compare || Word == Sql.Compare;

    /// <summary>Where a statement or a value in it may end.</summary>
    public bool IsEnd => Kind is SqlKind.End or SqlKind.Comment or SqlKind.Semicolon;
}

/// <summary>Reads SQL as databases do, from one of the places that a value may stand in: bare, or inside of quotes.</summary>
internal static class SqlLexer
{
    private static readonly FrozenDictionary<string, Sql> Words = Dictionary(
        (Sql.Logical, "or and xor"),
        (Sql.Not, "not"),
        (Sql.Compare, "like rlike regexp glob similar ilike in is between div mod sounds collate"),
        (Sql.Null, "null true false"),
        (Sql.Delay, "sleep pg_sleep benchmark load_file extractvalue updatexml xp_cmdshell dbms_pipe dbms_lock utl_http utl_inaddr randomblob"),
        (Sql.Function, """
            ascii substr substring mid left right length len char chr concat concat_ws version user database schema current_user system_user session_user
            convert cast if iif ifnull isnull nvl count exp rand floor md5 sha1 hex unhex ord char_length row exists group_concat string_agg decode coalesce elt
            make_set lower upper power name_const polygon geometrycollection multipoint linestring xmltype json_keys sum max min avg json_extract instr strcmp
            bin to_char lpad reverse position locate current_setting pg_read_file lo_import query_to_xml
            """),
        (Sql.Union, "union intersect except minus"),
        (Sql.Select, "select"),
        (Sql.From, "from"),
        (Sql.All, "all distinct distinctrow"),
        (Sql.Clause, "limit offset procedure join inner outer natural cross as on using window fetch for"),
        (Sql.By, "by"),
        (Sql.Group, "order group"),
        (Sql.Having, "having"),
        (Sql.Where, "where"),
        (Sql.Into, "into"),
        (Sql.Case, "case"),
        (Sql.Verb, "drop insert delete update exec execute declare waitfor shutdown create alter truncate grant copy call rename merge revoke attach pragma load backup"),
        (Sql.Object, "table database schema user login view index procedure function trigger role extension alias column sequence"));

    /// <summary>Fills <paramref name="tokens"/>, which has room for as many as the text has characters and two more; the last is the end.</summary>
    /// <param name="text">The value.</param>
    /// <param name="quote">The quote that it stands in, or NUL.</param>
    /// <param name="tokens">Where to.</param>
    public static int Read(ReadOnlySpan<char> text, char quote, Span<SqlToken> tokens)
    {
        var (count, index) = (0, 0);
        if (quote != '\0')
            tokens[count++] = Quoted(text, 0, ref index, quote, spaced: false);
        while (index < text.Length)
        {
            var start = Text.SkipSpaces(text, index);
            if (start == text.Length)
                break;
            var spaced = start > index;
            index = start;
            tokens[count++] = Next(text, ref index, spaced);

            // What stands in a comment of MySQL's own is read as if the comment were not there.
            if (tokens[count - 1] is { Kind: SqlKind.Other, Length: > 2 })
                count--;
        }

        tokens[count++] = new(SqlKind.End, Sql.None, text.Length, 0, Spaced: false);
        return count;
    }

    private static SqlToken Next(ReadOnlySpan<char> text, ref int index, bool spaced)
    {
        var start = index;
        var one = text[index];
        if (one is '\'' or '"' or '`')
        {
            index++;
            return Quoted(text, start, ref index, one, spaced);
        }

        if (char.IsAsciiDigit(one) || (one == '.' && start + 1 < text.Length && char.IsAsciiDigit(text[start + 1])))
        {
            while (index < text.Length && (char.IsAsciiLetterOrDigit(text[index]) || text[index] == '.'))
                index++;

            // "1or" is a number and a word to databases.
            var digits = start;
            while (digits < index && (char.IsAsciiDigit(text[digits]) || text[digits] == '.'))
                digits++;
            if (digits < index && WordOf(text[digits..index]) is not Sql.Word)
                index = digits;
            return new(SqlKind.Number, Sql.None, start, index - start, spaced);
        }

        if (Text.IsWordChar(one) || one == '@')
        {
            while (index < text.Length && (Text.IsWordChar(text[index]) || text[index] is '@' or '$'))
                index++;
            return one == '@'
                ? new(SqlKind.Variable, Sql.None, start, index - start, spaced)
                : new(SqlKind.Word, WordOf(text[start..index]), start, index - start, spaced);
        }

        return Sign(text, ref index, spaced);
    }

    private static SqlToken Sign(ReadOnlySpan<char> text, ref int index, bool spaced)
    {
        var start = index;
        var rest = text[index..];
        if (rest.StartsWith("/*!"))
        {
            index += 3;
            while (index < text.Length && char.IsAsciiDigit(text[index]))
                index++;
            return new(SqlKind.Other, Sql.None, start, 3, spaced);
        }

        if (rest.StartsWith("/*"))
        {
            var end = rest[2..].IndexOf("*/");
            index = end < 0 ? text.Length : index + end + 4;
            return end < 0 ? new(SqlKind.Comment, Sql.None, start, index - start, spaced) : new(SqlKind.Other, Sql.None, start, 3, spaced);
        }

        if (rest.StartsWith("*/"))
        {
            index += 2;
            return new(SqlKind.Other, Sql.None, start, 3, spaced);
        }

        if (rest.StartsWith("--") || rest[0] == '#')
        {
            index = rest.IndexOfAny('\r', '\n') is > 0 and var line ? index + line : text.Length;
            return new(SqlKind.Comment, Sql.None, start, index - start, spaced);
        }

        var (kind, length) = rest[0] switch
        {
            '|' when rest.StartsWith("||") => (SqlKind.Logical, 2),
            '&' when rest.StartsWith("&&") => (SqlKind.Logical, 2),
            '<' or '>' or '=' or '!' => (Compare(rest), rest[1..].IndexOfAnyExcept("=<>") is >= 0 and var end ? Math.Min(2, end) + 1 : Math.Min(rest.Length, 3)),
            '+' or '-' or '*' or '/' or '%' or '^' or '&' or '|' or '~' or ':' => (SqlKind.Operator, 1),
            '(' => (SqlKind.Open, 1),
            ')' => (SqlKind.Close, 1),
            ',' => (SqlKind.Comma, 1),
            '.' => (SqlKind.Dot, 1),
            ';' => (SqlKind.Semicolon, 1),
            _ => (SqlKind.Other, 1),
        };
        index += length;
        return new(kind, Sql.None, start, length, spaced);
    }

    private static SqlKind Compare(ReadOnlySpan<char> rest) => rest[0] == '!' && (rest.Length == 1 || rest[1] is not ('=' or '<' or '>')) ? SqlKind.Operator : SqlKind.Compare;

    private static SqlToken Quoted(ReadOnlySpan<char> text, int start, ref int index, char quote, bool spaced)
    {
        var end = text[index..].IndexOf(quote);
        index = end < 0 ? text.Length : index + end + 1;
        return new(end < 0 ? SqlKind.OpenText : SqlKind.Text, Sql.None, start, index - start, spaced);
    }

    private static Sql WordOf(ReadOnlySpan<char> word) => Words.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(word, out var known) ? known : Sql.Word;

    private static FrozenDictionary<string, Sql> Dictionary(params (Sql Word, string Names)[] words)
        => words.SelectMany(entry => entry.Names.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries), (entry, name) => (name, entry.Word))
            .DistinctBy(entry => entry.name)
            .ToFrozenDictionary(entry => entry.name, entry => entry.Word, StringComparer.OrdinalIgnoreCase);
}
