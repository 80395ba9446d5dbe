using System.Buffers;

namespace SecureShop.Firewall;

/// <summary>
/// Finds SQL by what its tokens say together: a value that ends a literal and goes on as an expression or a statement. SQL's words in a
/// sentence do not: between them stand words that no grammar has there.
/// </summary>
internal static class SqlJudge
{
    private static readonly SearchValues<char> Marks = SearchValues.Create("'\"`=(;#@|&*");
    private static readonly SearchValues<string> Words = SearchValues.Create(["union ", "union/", "select", "having", "order by", "waitfor"], StringComparison.OrdinalIgnoreCase);
    private static readonly string[] Starts = ["or", "and", "order", "union", "select", "drop", "insert", "delete", "update", "waitfor", "truncate", "having", "exec", "create", "alter"];

    /// <summary>Whether a text without marks may go on where a literal of SQL has ended: it begins with a number or a word of the grammar.</summary>
    public static bool IsStart(ReadOnlySpan<char> text)
    {
        text = text.TrimStart();
        if (text.IsEmpty || char.IsAsciiDigit(text[0]) || text[0] == '-')
            return text.Length > 5 && text.Contains(' ');
        foreach (var start in Starts)
        {
            if (text.StartsWith(start, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }

    public static void Judge(Text text, Inspection found)
    {
        var value = text.Value;
        if (!value.ContainsAny(Marks) && !IsStart(value) && !value.ContainsAny(Words))
            return;
        var tokens = ArrayPool<SqlToken>.Shared.Rent(value.Length + 3);
        Judge(text, '\0', tokens, found);
        foreach (var quote in "'\"`")
        {
            if (value.Contains(quote))
                Judge(text, quote, tokens, found);
        }

        // UN/**/ION: a server that takes comments out puts it together.
        if (value.IndexOf("/*") is >= 0 and var comment && value[comment..].Contains("*/", StringComparison.Ordinal))
        {
            var joined = ArrayPool<char>.Shared.Rent(value.Length);
            Judge(new Text(WithoutComments(value, joined), text.Kind, decoded: true), '\0', tokens, found);
            ArrayPool<char>.Shared.Return(joined);
        }

        ArrayPool<SqlToken>.Shared.Return(tokens);
    }

    private static ReadOnlySpan<char> WithoutComments(ReadOnlySpan<char> value, Span<char> joined)
    {
        var (length, index) = (0, 0);
        while (index < value.Length)
        {
            if (value[index..].StartsWith("/*") && value[index..].IndexOf("*/") is > 0 and var end)
                index += end + 2;
            else
                joined[length++] = value[index++];
        }

        return joined[..length];
    }

    private static void Judge(Text text, char quote, SqlToken[] buffer, Inspection found)
    {
        var count = SqlLexer.Read(text.Value, quote, buffer);
        var reader = new SqlReader(text, buffer.AsSpan(0, count));
        reader.JudgeStart(quote, found);
        for (var index = quote == '\0' ? 0 : 1; index < count - 1 && !found.IsAttack; index++)
            reader.JudgeAt(index, found);
    }
}

/// <summary>The judgement of one row of tokens. Each look ahead is of a few tokens, so that the whole stays linear.</summary>
internal readonly ref struct SqlReader(Text text, ReadOnlySpan<SqlToken> tokens)
{
    private const int Ahead = 24;
    private const int ShortComment = 8;

    private readonly Text text = text;
    private readonly ReadOnlySpan<SqlToken> tokens = tokens;

    /// <summary>The value as what follows a literal: of the quotes that it closes, or a number, or from its beginning.</summary>
    public void JudgeStart(char quote, Inspection found)
    {
        var first = tokens[0];
        if (quote != '\0')
        {
            if (first.Kind == SqlKind.Text)
                JudgeBreakout(found);
            return;
        }

        if (IsStatement(0))
            found.Hit(Rules.SqlStacked);
        if (first.Kind == SqlKind.Text && At(1).IsCompare && At(2).Kind is SqlKind.Text or SqlKind.OpenText && At(3).IsEnd)
            found.Hit(Rules.SqlTautology);
        if (IsOrder(0) || (first.Word == Sql.Case && IsWord(1, "when")) || (first.Word is Sql.Having && IsCondition(1, literal: false)))
            found.Hit(Rules.SqlExpression);

        var start = first is { Kind: SqlKind.Operator, Length: 1 } ? 1 : 0;
        if (At(start).Kind is not (SqlKind.Number or SqlKind.Close or SqlKind.Variable))
            return;
        var next = SkipClosing(start + (At(start).Kind == SqlKind.Close ? 0 : 1));
        if (At(next).IsLogical && IsCondition(next + 1, literal: false))
            found.Hit(Rules.SqlTautology);
        if (IsOrder(next) || (At(next).Word == Sql.Having && IsCondition(next + 1, literal: false)) || (IsWord(next, "procedure") && IsWord(next + 1, "analyse")))
            found.Hit(Rules.SqlExpression);
        if (At(next).Kind == SqlKind.Semicolon && At(next + 1).Kind == SqlKind.Comment && At(next + 1).Length <= 3)
            found.Hit(Rules.SqlComment);
    }

    /// <summary>What may stand at any place, for whatever is before it.</summary>
    public void JudgeAt(int index, Inspection found)
    {
        var token = tokens[index];
        if (token.IsLogical && IsTautology(index + 1))
            found.Hit(Rules.SqlTautology, Rules.SqlProse, text.IsProse(token.Start) && (token.Kind == SqlKind.Logical || At(SkipPrefixes(index + 1) + 3).Kind == SqlKind.Word));
        if (token.Kind == SqlKind.Semicolon && IsStatement(index + 1))
            found.Hit(Rules.SqlStacked, Rules.SqlProse, text.IsProse(token.Start));
        if (token.Kind == SqlKind.Open && At(index + 1).Word == Sql.Select && IsExpressionBefore(index) && IsSelect(index + 1, nested: true))
            found.Hit(Rules.SqlExpression, Rules.SqlProse, text.IsProse(token.Start));
        if (token.Word == Sql.Union && IsUnion(index))
            found.Hit(Rules.SqlUnion, Rules.SqlProse, text.IsProse(token.Start) && index > 0 && tokens[index - 1].Kind == SqlKind.Word);
        if (token.Word == Sql.Delay && (IsCall(index) || (At(index + 1).Kind == SqlKind.Dot && At(index + 2).Kind == SqlKind.Word && At(index + 3).Kind == SqlKind.Open)) && IsExpressionBefore(index) && At(index + 2).Word is not Sql.Word && !text.IsProse(token.Start))
            found.Hit(Rules.SqlDelay);
        if (token.Word == Sql.Verb && IsWord(index, "waitfor") && (IsWord(index + 1, "delay") || IsWord(index + 1, "time")) && At(index + 2).IsLiteral)
            found.Hit(Rules.SqlDelay);
        if (token.Word == Sql.Into && (IsWord(index + 1, "outfile") || IsWord(index + 1, "dumpfile")) && At(index + 2).IsLiteral)
            found.Hit(Rules.SqlDelay);
        if (IsCatalog(token) && !text.IsProse(token.Start))
            found.Hit(Rules.SqlCatalog);
    }

    private void JudgeBreakout(Inspection found)
    {
        var next = SkipClosing(1);
        var (token, after) = (At(next), At(next + 1));
        var prefix = text.Value[..(tokens[0].Length - 1)];
        var plain = !prefix.Trim().Contains(' ') && !(prefix.Length > 0 && char.IsAsciiDigit(prefix[^1]) && text.Value[tokens[0].Length - 1] == '"');
        if (token.Kind == SqlKind.Comment && plain && IsShort(token))
            found.Hit(Rules.SqlComment);
        if (token.Kind == SqlKind.Semicolon && (after.Kind == SqlKind.Comment || (after.Kind == SqlKind.End && prefix.IsEmpty && next > 1)))
            found.Hit(Rules.SqlComment);
        if (token.IsLogical && IsCondition(next + 1, literal: true))
            found.Hit(Rules.SqlTautology);
        if (token.Word == Sql.Verb && IsStatement(next))
            found.Hit(Rules.SqlStacked);
        if (IsOrder(next) || (token.Word is Sql.Having or Sql.Where && IsCondition(next + 1, literal: false)) || (token.IsCompare && IsOperand(next + 1)) || IsJoined(next))
            found.Hit(Rules.SqlExpression);
        if (IsWord(next, "limit") && after.Kind == SqlKind.Number && At(next + 2).Kind is SqlKind.Comment or SqlKind.Comma)
            found.Hit(Rules.SqlExpression);
    }

    private SqlToken At(int index) => index >= 0 && index < tokens.Length ? tokens[index] : tokens[^1];

    private bool IsWord(int index, string word) => At(index) is { Kind: SqlKind.Word } token && Value(token).Equals(word, StringComparison.OrdinalIgnoreCase);

    private ReadOnlySpan<char> Value(SqlToken token) => text.Value.Slice(token.Start, token.Length);

    private int SkipClosing(int index)
    {
        while (At(index).Kind == SqlKind.Close)
            index++;
        return index;
    }

    private int SkipPrefixes(int index)
    {
        for (var steps = 0; steps < Ahead && (At(index).Kind is SqlKind.Open or SqlKind.Operator || At(index).Word == Sql.Not || IsWord(index, "binary")); steps++)
            index++;
        return index;
    }

    private bool IsCall(int index) => At(index).Kind == SqlKind.Word && At(index + 1).Kind == SqlKind.Open && (!At(index + 1).Spaced || At(index).Word != Sql.Word);

    /// <summary>A comment that ends a statement says nothing; one that says something is a sentence's dash or a number sign.</summary>
    private bool IsShort(SqlToken comment)
    {
        var said = Value(comment).TrimStart("-#/*").Trim();
        return said.Length <= ShortComment && !said.Contains(' ') && (said.IsEmpty || !comment.Spaced || Value(comment)[0] == '-');
    }

    /// <summary>Whether what stands before <paramref name="index"/> wants an expression: an operator, a bracket, a comma, or nothing.</summary>
    private bool IsExpressionBefore(int index)
    {
        var before = index == 0 ? SqlKind.Semicolon : tokens[index - 1].Kind;
        return before is SqlKind.Semicolon or SqlKind.Operator or SqlKind.Compare or SqlKind.Logical or SqlKind.Open or SqlKind.Comma or SqlKind.Number or SqlKind.Text
            || (before == SqlKind.Word && tokens[index - 1].Word is not (Sql.Word or Sql.None or Sql.Object))
            || (before == SqlKind.Word && tokens[index].Kind == SqlKind.Open && !tokens[index].Spaced);
    }

    /// <summary>1=1, 'a' like 'a': both sides are literals, so that it says nothing about any row.</summary>
    private bool IsTautology(int index)
    {
        index = SkipPrefixes(index);
        if (!At(index).IsLiteral)
            return false;
        var next = SkipClosing(index + 1);
        if (At(next).Word == Sql.Not)
            next++;
        var right = SkipPrefixes(next + 1);
        return At(next).IsCompare && At(right).IsLiteral && At(index).Kind != SqlKind.OpenText && (At(next).Kind == SqlKind.Compare || At(index).Kind == At(right).Kind || At(right).Kind == SqlKind.OpenText);
    }

    /// <summary>A condition after AND or OR.</summary>
    /// <param name="index">Where it begins.</param>
    /// <param name="literal">Whether a single literal is one: behind a closed quote it is, and "5 or 6" is ordinary.</param>
    private bool IsCondition(int index, bool literal)
    {
        var first = SkipPrefixes(index);
        var token = At(first);
        if (token.Word == Sql.Select)
            return IsSelect(first, nested: true);
        if (token.Word == Sql.Case)
            return IsWord(first + 1, "when");
        if (token.IsLiteral)
        {
            var next = At(SkipClosing(first + 1));
            if (next.IsCompare && (IsOperand(SkipClosing(first + 1) + 1) || At(SkipClosing(first + 1) + 1).Kind == SqlKind.End))
                return true;
            if (token.Kind == SqlKind.OpenText)
                return literal && token.Length < 40;

            // '' ^ ' and what more there is of nothing.
            if (literal && token.Length == 2 && next.Kind is SqlKind.Operator or SqlKind.OpenText or SqlKind.Text)
                return true;
            return (literal || token.Word == Sql.Null) && token.Kind != SqlKind.Text && (next.IsEnd || next.IsLogical);
        }

        if (token.Kind != SqlKind.Word)
            return false;
        if (IsCall(first))
            return token.Word is Sql.Function or Sql.Delay || HasComparison(first + 2);
        while (At(first + 1).Kind == SqlKind.Dot && At(first + 2).Kind == SqlKind.Word)
            first += 2;
        return (At(first + 1).IsCompare && (IsOperand(first + 2) || (literal && At(first + 1).Kind == SqlKind.Compare && At(first + 3).IsEnd))) || (At(first + 1).Word == Sql.Not && At(first + 2).IsCompare && IsOperand(first + 3));
    }

    private bool HasComparison(int index)
    {
        for (var ahead = index; ahead < index + Ahead && !At(ahead).IsEnd; ahead++)
        {
            if (At(ahead).IsCompare && IsOperand(ahead + 1))
                return true;
        }

        return false;
    }

    private bool IsOperand(int index)
    {
        var operand = SkipPrefixes(index);
        if (At(operand).Kind == SqlKind.Text && At(index - 1).Kind == SqlKind.Compare)
            return true;
        return At(operand).IsLiteral || At(operand).Word is Sql.Select or Sql.Null or Sql.Function or Sql.Delay || IsCall(operand);
    }

    /// <summary>Behind a closed quote: '||(select 1)||', '+sleep(5)+', '-'.</summary>
    private bool IsJoined(int index)
    {
        var sign = At(index);
        if (sign.Kind is not (SqlKind.Operator or SqlKind.Logical or SqlKind.Comma))
            return false;
        var operand = SkipPrefixes(index + 1);
        if (At(operand).Word is Sql.Select)
            return IsSelect(operand, nested: true);
        if (At(operand).Word == Sql.Delay || (At(operand).Word == Sql.Function && IsCall(operand)))
            return true;
        if (tokens[0].Length == 1 && At(operand).Kind == SqlKind.Number && At(operand + 1).IsLogical)
            return true;

        // Nothing but quotes and a sign: '-', '^'.
        return sign.Kind == SqlKind.Operator && tokens[0].Length == 1 && At(index + 1) is { Kind: SqlKind.OpenText } rest && Value(rest).Trim().Length <= 2;
    }

    private bool IsOrder(int index)
    {
        if (At(index).Word != Sql.Group || At(index + 1).Word != Sql.By)
            return false;
        var next = SkipPrefixes(index + 2);
        return (At(next).Kind == SqlKind.Number && At(next + 1).Kind is SqlKind.End or SqlKind.Comment or SqlKind.Comma)
            || (At(next).Kind == SqlKind.Word && (At(next + 1).Kind == SqlKind.Comment || At(next + 1).Word == Sql.Having || (IsCall(next) && At(next).Word != Sql.Word)))
            || HasHaving(next);
    }

    private bool HasHaving(int index)
    {
        for (var ahead = index; ahead < index + Ahead && !At(ahead).IsEnd; ahead++)
        {
            if (At(ahead).Word == Sql.Having && IsCondition(ahead + 1, literal: false))
                return true;
        }

        return false;
    }

    private bool IsUnion(int index)
    {
        var next = index + 1;
        while (At(next).Word == Sql.All || At(next).Kind == SqlKind.Open)
            next++;
        if (IsWord(next, "values") && At(next + 1).Kind == SqlKind.Open)
            return true;
        if (At(next).Word != Sql.Select)
            return false;
        do
            next++;
        while (At(next).Word == Sql.All || At(next).Kind == SqlKind.Open);
        return At(next).IsLiteral || At(next).Kind is SqlKind.Operator or SqlKind.End or SqlKind.Other
            || (At(next).Kind == SqlKind.Word && (IsCall(next) || At(next + 1).Kind is SqlKind.Comma or SqlKind.Dot or SqlKind.End or SqlKind.Comment or SqlKind.Operator || At(next + 1).Word == Sql.From));
    }

    private bool IsStatement(int index)
    {
        var token = At(index);
        if (token.Word == Sql.Select)
            return IsSelect(index, nested: index > 0);
        if (token.Word != Sql.Verb)
            return false;
        var verb = Value(token);
        var name = At(index + 1);
        bool Is(ReadOnlySpan<char> one, string word) => one.Equals(word, StringComparison.OrdinalIgnoreCase);
        if (Is(verb, "drop") || Is(verb, "truncate") || Is(verb, "create") || Is(verb, "alter"))
            return (name.Word == Sql.Object || Is(verb, "truncate")) && IsNamed(index + (name.Word == Sql.Object ? 2 : 1));
        if (Is(verb, "insert"))
            return name.Word == Sql.Into && IsInsert(index + 2);
        if (Is(verb, "delete"))
            return name.Word == Sql.From && IsNamed(index + 2);
        if (Is(verb, "update"))
            return HasAny(index + 1, "set") && HasComparison(index + 1);
        if (Is(verb, "exec") || Is(verb, "execute"))
            return name.Kind is SqlKind.Open or SqlKind.Text or SqlKind.Variable || Value(name).Contains('_') || At(index + 2).Kind == SqlKind.Dot || At(index + 2).Kind is SqlKind.Text;
        if (Is(verb, "declare"))
            return name.Kind == SqlKind.Variable;
        if (Is(verb, "shutdown"))
            return name.IsEnd && index > 0;
        if (Is(verb, "grant"))
            return HasAny(index + 1, "to") && HasAny(index + 1, "on", "all");
        if (Is(verb, "copy"))
            return name.Kind == SqlKind.Open || (HasAny(index + 1, "from", "to") && HasAny(index + 1, "program", "stdin", "stdout"));
        return (Is(verb, "attach") || Is(verb, "backup")) && name.Word == Sql.Object;
    }

    private bool IsInsert(int index)
    {
        while (At(index + 1).Kind == SqlKind.Dot)
            index += 2;
        if (IsWord(index + 1, "values") || At(index + 1).Word == Sql.Select)
            return true;
        var next = index + 2;
        for (var steps = 0; steps < Ahead && At(index + 1).Kind == SqlKind.Open && At(next).Kind is SqlKind.Word or SqlKind.Comma or SqlKind.Text; steps++)
            next++;
        return At(next).Kind == SqlKind.Close && (IsWord(next + 1, "values") || At(next + 1).Word == Sql.Select);
    }

    /// <summary>A name, and then what may follow one. "Drop table reservations early" is a sentence.</summary>
    private bool IsNamed(int index)
    {
        while (At(index).Kind == SqlKind.Word && (IsWord(index, "if") || IsWord(index, "not") || IsWord(index, "exists") || At(index + 1).Kind == SqlKind.Dot))
            index += At(index + 1).Kind == SqlKind.Dot ? 2 : 1;
        if (At(index).Kind is not (SqlKind.Word or SqlKind.Text or SqlKind.Operator))
            return false;
        var next = At(index + 1);
        return next.IsEnd || next.Kind is SqlKind.Open or SqlKind.Comma or SqlKind.OpenText || next.Word is Sql.Where or Sql.Clause
            || HasAny(index + 1, "cascade", "identified", "with", "add", "set", "modify") || (IsWord(index + 1, "password") && At(index + 2).IsLiteral);
    }

    private bool HasAny(int index, params ReadOnlySpan<string> words)
    {
        for (var ahead = index; ahead < index + 8 && !At(ahead).IsEnd; ahead++)
        {
            foreach (var word in words)
            {
                if (IsWord(ahead, word))
                    return true;
            }
        }

        return false;
    }

    /// <summary>SELECT, what, FROM where. Two words side by side are a sentence, and so is a FROM followed by more than a table.</summary>
    private bool IsSelect(int index, bool nested)
    {
        var next = index + 1;
        while (At(next).Word == Sql.All || At(next).Kind == SqlKind.Open)
            next++;
        var first = At(next);
        var strong = first is { Kind: SqlKind.Variable or SqlKind.Text } || (first.Kind == SqlKind.Operator && Value(first)[0] is '*' or '-' or '+' or '~') || first.Word is Sql.Null or Sql.Case or Sql.Select || IsCall(next);
        for (var ahead = next; ahead < next + Ahead; ahead++)
        {
            var token = At(ahead);
            if (token.IsEnd)
                return strong || (nested && first.Kind is SqlKind.Number or SqlKind.OpenText);
            if (token.Word == Sql.From)
                return IsSource(ahead + 1, strong || nested);
            if (ahead == next && token.Kind == SqlKind.Operator && !strong)
                return false;
            strong |= ahead > next && token.Kind is SqlKind.Comma or SqlKind.Dot or SqlKind.Number or SqlKind.Compare;
            if (token is { Kind: SqlKind.Word, Word: Sql.Word } && At(ahead + 1) is { Kind: SqlKind.Word, Word: Sql.Word })
                return false;
        }

        return strong && nested;
    }

    private bool IsSource(int index, bool strong)
    {
        if (At(index).Kind == SqlKind.Open)
            return true;
        while (At(index + 1).Kind == SqlKind.Dot)
            (index, strong) = (index + 2, true);
        var next = At(index + 1);
        if (next.Word == Sql.Where && (HasComparison(index + 2) || strong))
            return true;
        return strong && At(index).Kind is SqlKind.Word or SqlKind.Text or SqlKind.Variable
            && (next.IsEnd || next.Kind is SqlKind.Close or SqlKind.OpenText or SqlKind.Comma || next.Word is Sql.Group or Sql.Union or Sql.Having || (next.Word == Sql.Clause && !next.IsEnd));
    }

    private bool IsCatalog(SqlToken token)
    {
        if (token is not { Kind: SqlKind.Word, Word: Sql.Word, Length: > 7 } and not { Kind: SqlKind.Variable, Length: > 4 })
            return false;
        var name = Value(token);
        return name.StartsWith("@@") || name.StartsWith("information_schema", StringComparison.OrdinalIgnoreCase) || name.StartsWith("sqlite_master", StringComparison.OrdinalIgnoreCase)
            || name.StartsWith("sysobjects", StringComparison.OrdinalIgnoreCase) || name.StartsWith("pg_catalog", StringComparison.OrdinalIgnoreCase) || name.StartsWith("pg_shadow", StringComparison.OrdinalIgnoreCase);
    }
}
