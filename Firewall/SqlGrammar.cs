using System.Text.RegularExpressions;

namespace SecureShop.Firewall;

/// <summary>What an attack looks like to a database: a rule, its pattern over the kinds of tokens, and whether a sentence in front of it is believed.</summary>
internal sealed record SqlPattern(Rule Rule, Regex Pattern, bool BelievesProse);

/// <summary>
/// The sentences of SQL that no honest value says, over the kinds of <see cref="SqlTokens"/>. A pattern that begins with ^ holds where the
/// value begins; "shut" is the end of the literal that it stood in. Matched without backtracking, so that no value makes them slow.
/// </summary>
internal static class SqlGrammar
{
    private static readonly Regex KindNames = new("[a-z]+[_0-2]?|--", RegexOptions.NonBacktracking);

    // An expression.
    private const string Open = @"[(\[]";
    private const string Close = @"\)*";
    private const string Sign = "(op|sign|star)";
    private const string Before = $@"({Sign}|not|binary|[(\[])*";
    private const string Tail = "(tail|tail0)";
    private const string Literal = $"(num|str|nil|{Tail}|var|null)";
    private const string Plain = "(word|word_)";
    private const string Name = $@"(({Plain}|object|password|str|nil|var)(\.({Plain}|object|str))*)";
    private const string Call = $@"((call|sleep|if){Open}|({Plain}|object)\()";
    private const string Logical = "(or|both)";
    private const string Compare = "(eq|like)";
    private const string Shut = "(shut0|shut1|shut2)";
    private const string End = "(end|--|remark|;)";
    private const string Operand = $"{Before}({Literal}|{Call}|select)";

    // Two words side by side are a sentence; with anything in between they are names and aliases.
    private const string Word = $"({Plain}|object|time|add|program|usage|with|to|values|set|password|if|delay|modify)";
    private const string Piece = $@"(num|str|nil|{Tail}|var|null|call|sleep|{Sign}|eq|like|or|both|not|case|when|all|select|binary|cast|[(\[),.])";
    private const string Pieces = $"({Word}?{Piece})*{Word}?";
    private const string AfterTable = $@"(end|--|remark|;|\)|{Tail}|,|group|union|having|clause|limit)";
    private const string Source = $"({Open}|{Name}({Word}?{AfterTable}|where))";

    // SELECT: with something that no sentence has behind it; with a list; with a condition; or nested, where anything may be.
    private const string Selected = @"(all|[(\[])*";
    private const string Strong = $@"{Selected}((var|str|nil|star|sign|null|case|select)|{Call}){Pieces}({End}|\)|from {Source})";
    private const string Listed = $@"{Selected}{Word}(,|\.|num|eq){Pieces}from {Source}";
    private const string Filtered = $@"{Selected}{Pieces}from ({Open}|{Name}where {Pieces}{Compare}{Operand}|{Plain}\.{Name}{AfterTable})";
    private const string Select = $"select ({Strong}|{Listed}|{Filtered})";
    private const string Nested = $@"select ({Strong}|{Selected}((num|{Tail}){Pieces}({End}|\))|{Pieces}from {Source}))";

    private const string Unioned = $@"select {Selected}({Literal}|{Sign}|other|end|{Call}|{Word}(,|\.|from|{Sign}|both|{End}))";

    // What an expression may stand behind.
    private const string Behind = $@"({Shut}|;|{Sign}|eq|like|or|both|num|str|nil|,|from|not|select|call|sleep|if|when|case|null|var|[(\[])";

    // A statement that is one whoever reads it.
    private const string AfterName =
        $"({End}|{Open}|,|{Tail}|where|clause|cascade|identified|set|(add|modify){Name}{Name}|password {Literal}|with (password|num|eq))";

    private const string Named = $"(if|not|exists)*{Name}{AfterName}";
    private const string Change =
        $"((drop|create|alter) (object|procedure) {Named}"
        + $"|truncate object?{Named}"
        + $@"|insert into {Name}({Open}({Name},?)*\))?(values|select)"
        + $"|delete from {Named}"
        + $"|update .{{1,6}}set {Name}eq {Operand}"
        + $@"|exec ({Open}|str|nil|{Tail}|var|word_|{Name}str|word\.)"
        + "|declare var"
        + $"|grant (all|select|insert|update|delete|exec|usage).{{0,6}}on.{{1,4}}to {Name}"
        + $"|copy ({Open}|{Name}(from|to)(program|stdin|stdout|str))"
        + "|(attach|backup) object)";

    // What is added behind AND or OR. Behind a closed literal a bare one is enough; elsewhere "5 or 6" is ordinary.
    private const string Field = $"({Name}not?{Compare}{Operand}|{Call}{Pieces}{Compare}{Operand}|(call|sleep|if){Open})";
    private const string Compared = $"{Literal}{Close}not?{Compare}({Operand}|end)";
    private const string Condition = $"{Before}({Nested}|case when|exists {Open}|{Field}|{Compared}|null {Close}({End}|{Logical}))";
    private const string LooseCondition = $"({Condition}|{Before}({Tail}|nil ({Sign}|{Tail}|str)|(num|var|null){Close}({End}|{Logical})|{Name}eq.{End}))";
    private const string Always = $"{Before}(num|str|nil|var|null){Close}(eq {Before}{Literal}|not?like {Before}(num|str|nil|{Tail}))";
    private const string Order = $"group by {Before}(num (end|--|remark|,)|{Plain}(--|remark|having)|{Call}|{Pieces}having {Condition})";

    // '||(select 1)||', '+sleep(5)+', '-': joined to the literal on both sides.
    private const string Joined = $"(({Sign}|or|both|,){Before}({Nested}|(call|sleep){Open}|sleep)|cast word)";

    /// <summary>All of them. Rules that come first are told first.</summary>
    public static IReadOnlyList<SqlPattern> All { get; } =
    [
        // '; DROP TABLE users, or the whole value: SELECT * FROM users.
        Find(Rules.SqlStatement, $"^{Change}|^{Select}|^{Shut}{Close}{Change}"),
        Find(Rules.SqlStatement, $";({Change}|{Select}|shutdown {End})", believesProse: true),

        // 1' UNION SELECT 1,2,3: behind a word of a sentence it may be one about SQL.
        Find(Rules.SqlUnion, $@"(^|num|str|nil|var|null|{Shut}|{Sign}|eq|--|{Tail}|\))union {Selected}(values {Open}|{Unioned})"),
        Find(Rules.SqlUnion, $@"union {Selected}(values {Open}|{Unioned})", believesProse: true),

        // ' or 'a'='a, 1 and 1=1, 1 or sleep(5), ') or ('x')=('x.
        Find(Rules.SqlCondition, $"^{Shut}{Close}{Logical}{LooseCondition}"),
        Find(Rules.SqlCondition, $@"^{Sign}?((num|var){Close}|\)+){Logical}{Condition}"),
        Find(Rules.SqlCondition, $"^{Logical}{Before}(({Literal}|{Name}){Close}eq {Before}({Call}|select)|(num|null){Close}{End})"),
        Find(Rules.SqlCondition, $"^(str|nil){Compare}(str|nil|{Tail}){End}"),
        Find(Rules.SqlCondition, $@"{Logical}{Always}({End}|\)|{Logical}|{Sign}|,)"),
        Find(Rules.SqlCondition, $"{Logical}{Always}", believesProse: true),

        // admin'--, 1'); #: the rest of the statement is commented out.
        Find(Rules.SqlComment, $"^(shut0|shut1){Close}--"),
        Find(Rules.SqlComment, $@"^({Shut}|num){Close};(--|remark)|^shut0\)+;end"),

        // sleep(5), dbms_pipe.receive_message(...), waitfor delay '0:0:5', into outfile '/x'.
        Find(Rules.SqlFunction, $@"(^|{Behind})sleep (\.{Plain})?{Open}({Literal}|call|sleep|select|{Sign}|[(\[])"),
        Find(Rules.SqlFunction, $"waitfor (delay|time){Literal}|into (outfile|dumpfile){Literal}"),

        // ' order by 3--, ' having 1=1, '||(select ...)||', ' = '.
        Find(Rules.SqlExpression, $"^{Shut}{Close}({Order}|(having|where){Condition}|{Compare}({Operand}|{Before}{Tail})|{Joined}|limit num (--|,))"),
        Find(Rules.SqlExpression, $"^shut0(({Sign}|both|or|,){Before}num {Logical}|{Sign}tail0)"),
        Find(Rules.SqlExpression, $@"^{Sign}?((num|var){Close}|\)+)?({Order}|having {Condition}|procedure analyse)|^case when"),

        // (select ...) where a value is.
        Find(Rules.SqlExpression, $@"((^|{Behind}){Open}|{Plain}\(){Nested}", believesProse: true),
    ];

    /// <summary>Patterns are written in the names of kinds, and matched in their letters.</summary>
    private static SqlPattern Find(Rule rule, string pattern, bool believesProse = false)
    {
        var letters = KindNames.Replace(pattern, kind => $"{SqlTokens.LetterOf(kind.Value)}").Replace(" ", "", StringComparison.Ordinal);
        return new(rule, new Regex(letters, RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant), believesProse);
    }
}
