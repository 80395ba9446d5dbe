namespace SecureShop.Firewall;

/// <summary>
/// One rule, after the manner of the OWASP Core Rule Set: its score is 5 for what is an attack by itself, less for what becomes one
/// together with others, and its level says from which paranoia on it is looked at.
/// </summary>
/// <param name="Id">Its name in events and exclusions, which never changes.</param>
/// <param name="Family">The kind of attack.</param>
/// <param name="Score">Critical 5, error 4, warning 3, notice 2.</param>
/// <param name="Level">The lowest paranoia level that has it, 1 to 4.</param>
/// <param name="Finds">What it finds, for the reader of a list.</param>
public sealed record Rule(string Id, string Family, int Score, int Level, string Finds);

/// <summary>All rules. docs/firewall.md has the same list, and a test compares the two.</summary>
public static class Rules
{
    internal static readonly Rule Work = new("work", "limits", 5, 1, "more to decode and read than an honest request has");

    internal static readonly Rule SqlUnion = new("sql-union", "sql", 5, 1, "UNION SELECT and what it may select");
    internal static readonly Rule SqlCondition = new("sql-condition", "sql", 5, 1, "a condition added behind a literal, or one that is always true");
    internal static readonly Rule SqlStatement = new("sql-statement", "sql", 5, 1, "a second statement, or a whole one as the value");
    internal static readonly Rule SqlComment = new("sql-comment", "sql", 5, 1, "a literal closed, and the rest of the statement commented out");
    internal static readonly Rule SqlFunction = new("sql-function", "sql", 5, 1, "functions that wait, read files or speak with other servers");
    internal static readonly Rule SqlExpression = new("sql-expression", "sql", 5, 1, "a literal closed and an expression, subquery or clause behind it");
    internal static readonly Rule SqlCatalog = new("sql-catalog", "sql", 3, 1, "names of the database's own tables and variables");
    internal static readonly Rule SqlProse = new("sql-in-prose", "sql", 5, 2, "whole statements in the middle of sentences");

    internal static readonly Rule XssTag = new("xss-tag", "xss", 5, 1, "elements that run, load or take over the page");
    internal static readonly Rule XssHandler = new("xss-handler", "xss", 5, 1, "attributes that run a script");
    internal static readonly Rule XssUrl = new("xss-url", "xss", 5, 1, "addresses that run a script");
    internal static readonly Rule XssScript = new("xss-script", "xss", 5, 1, "a literal closed and a call of a script's functions behind it");
    internal static readonly Rule XssMarkup = new("xss-markup", "xss", 3, 2, "any element");

    internal static readonly Rule ShellCommand = new("shell-command", "shell", 5, 1, "an operator of the shell and a command");
    internal static readonly Rule ShellSubstitution = new("shell-substitution", "shell", 5, 1, "a command's output in place of a text");
    internal static readonly Rule ShellDisguise = new("shell-disguise", "shell", 5, 1, "words that only a shell puts together, such as c''at or ${IFS}");
    internal static readonly Rule ShellProgram = new("shell-program", "shell", 5, 1, "a command line as the value");
    internal static readonly Rule ShellProse = new("shell-in-prose", "shell", 5, 2, "commands in the middle of sentences");

    internal static readonly Rule CodeCall = new("code-call", "code", 5, 1, "PHP, Python, Java and Node that starts programs or evaluates text");
    internal static readonly Rule CodeLookup = new("code-lookup", "code", 5, 1, "lookups of Log4j, such as ${jndi:}");
    internal static readonly Rule CodeObject = new("code-object", "code", 5, 1, "serialised objects, types by name, prototypes");
    internal static readonly Rule CodeProse = new("code-in-prose", "code", 5, 2, "such calls in the middle of sentences");

    internal static readonly Rule NoSqlOperator = new("nosql-operator", "nosql", 5, 1, "operators of MongoDB as names or in brackets");
    internal static readonly Rule NoSqlScript = new("nosql-script", "nosql", 5, 1, "scripts for the database");
    internal static readonly Rule LdapFilter = new("ldap-filter", "ldap", 5, 1, "a filter closed and another one opened");
    internal static readonly Rule TemplateExpression = new("template-expression", "template", 5, 1, "an expression in the marks of a template");
    internal static readonly Rule XmlEntity = new("xml-entity", "xxe", 5, 1, "document types, entities and inclusions of XML");

    internal static readonly Rule PathClimb = new("path-climb", "traversal", 5, 1, "a way up out of a folder");
    internal static readonly Rule PathFile = new("path-file", "traversal", 5, 1, "files that only an intruder asks for, and names cut by NUL");
    internal static readonly Rule PathProse = new("path-in-prose", "traversal", 5, 2, "the same in the middle of sentences");

    internal static readonly Rule UrlInside = new("url-inside", "ssrf", 5, 1, "addresses of this machine, its network or its cloud");
    internal static readonly Rule UrlScheme = new("url-scheme", "ssrf", 5, 1, "schemes that read files or speak other protocols");
    internal static readonly Rule UrlProse = new("url-in-prose", "ssrf", 5, 2, "both in the middle of sentences");

    internal static readonly Rule LineHeader = new("line-header", "crlf", 5, 1, "a line break and a header of HTTP or of mail, or a command of SMTP, Redis or IMAP");
    internal static readonly Rule LineBreak = new("line-break", "crlf", 5, 1, "a blank line, as in front of a body, where a field has one line");

    internal static readonly Rule AgentScanner = new("agent-scanner", "scanner", 5, 1, "programs that look for weak places, by the name that they give themselves");

    /// <summary>Every rule, by family.</summary>
    public static IReadOnlyList<Rule> All { get; } =
    [
        Work,
        SqlUnion, SqlCondition, SqlStatement, SqlComment, SqlFunction, SqlExpression, SqlCatalog, SqlProse,
        XssTag, XssHandler, XssUrl, XssScript, XssMarkup,
        ShellCommand, ShellSubstitution, ShellDisguise, ShellProgram, ShellProse,
        CodeCall, CodeLookup, CodeObject, CodeProse,
        NoSqlOperator, NoSqlScript, LdapFilter, TemplateExpression, XmlEntity,
        PathClimb, PathFile, PathProse, UrlInside, UrlScheme, UrlProse, LineHeader, LineBreak, AgentScanner,
    ];
}
