using System.Buffers;
using System.Text;

namespace SecureShop.Firewall;

/// <summary>A rule that matched, and the field where it did. The text itself is not kept: it may be somebody's secret.</summary>
public readonly record struct Hit(Rule Rule, FieldKind Kind, string Name);

/// <summary>
/// Judges the fields of one request and adds up their scores. Every detector reads a text once from left to right, at most at four
/// depths of decoding, and the whole request has a budget: no text makes it slow.
/// </summary>
/// <param name="level">The paranoia level, 1 to 4.</param>
/// <param name="isExcluded">Whether a rule is not to judge a field of this name.</param>
public sealed class Inspection(int level = 1, Func<Rule, string, bool>? isExcluded = null)
{
    /// <summary>The score from which on a request is refused.</summary>
    public const int Threshold = 5;

    private const int MaxDepth = 3;
    private const int Budget = 1 << 20;

    // What no attack does without, unless it is words of SQL, a file's name, or wrapped in Base64.
    private static readonly SearchValues<char> Marks = SearchValues.Create("'\"<>();|&$`{}[]\\%#=*:/@^~+\r\n\0");
    private static readonly SearchValues<string> Signs = SearchValues.Create(
        [
            "union ", "passwd", "proto", "aced0005", "powershell", "System.Windows", "fuzz faster", "openvas", "0x2e", "..0x", "..2f", "..5c",
        ],
        StringComparison.OrdinalIgnoreCase);

    // Files and classes: values by themselves. Between words they are spoken about.
    private static readonly SearchValues<string> BareNames = SearchValues.Create(
        [
            "__class", "classloader", "169.254.", "appsettings.", "id_ed25519", ".htaccess", "web.config", "wp-config", "id_rsa", "win.ini",
            "boot.ini", "com.sun.", "convert.iconv.",
        ],
        StringComparison.OrdinalIgnoreCase);

    private readonly List<Hit> hits = [];
    private int work;
    private int nesting;
    private FieldKind kind;
    private string name = "";

    /// <summary>What has matched so far; each rule counts once.</summary>
    public IReadOnlyList<Hit> Hits => hits;

    /// <summary>The sum of their scores.</summary>
    public int Score { get; private set; }

    /// <summary>Whether a rule has matched what it is not to judge. Under another name the same text is a hit.</summary>
    public bool HasExcused { get; private set; }

    /// <summary>Whether the request is to be refused.</summary>
    public bool IsAttack => Score >= Threshold;

    internal int Level => level;

    /// <summary>Judges the text of a field. Its name is what exclusions and events say of it.</summary>
    public void Judge(FieldKind where, string field, ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || IsPlain(text))
            return;
        (kind, name) = (where, field);
        JudgeDecoded(text, depth: 0);
    }

    /// <summary>Judges names and strings of JSON; where it ends being JSON, so does the judging, and the service refuses it.</summary>
    public void JudgeJson(ReadOnlySpan<byte> json) => JsonFields.Judge(this, json);

    internal void Hit(Rule rule)
    {
        if (rule.Level > level || hits.Exists(hit => hit.Rule == rule))
            return;
        if (isExcluded?.Invoke(rule, name) == true)
        {
            HasExcused = true;
            return;
        }

        hits.Add(new(rule, kind, name));
        Score += rule.Score;
    }

    /// <summary>In the middle of a sentence a text about code is likelier than an attack: only a higher paranoia level does not believe it.</summary>
    internal void Hit(Rule rule, Rule inProse, bool prose) => Hit(prose ? inProse : rule);

    /// <summary>Ordinary text ends here, after two looks at it with vector instructions and without an allocation.</summary>
    private static bool IsPlain(ReadOnlySpan<char> text)
        => !text.ContainsAny(Marks) && !text.ContainsAnyInRange('\uFF01', '\uFF5E') && !SqlJudge.IsStart(text) && !text.ContainsAny(Signs)
            && (text.Contains(' ') ? !text.Contains(" -", StringComparison.Ordinal) : !text.ContainsAny(BareNames) && !Base64Text.IsPossible(text));

    private void JudgeDecoded(ReadOnlySpan<char> text, int depth)
    {
        // Nested forms multiply what there is to read: a bomb of them ends here, and is refused.
        work += text.Length;
        if (work > Budget)
        {
            Hit(Rules.Work);
            return;
        }

        if (IsAttack)
            return;

        // JSON in a text, as in a parameter: its names and strings are fields, and nothing is left to read of it as a whole.
        if (text.Length > 4 && text.TrimStart() is ['{' or '[', ..] && nesting < MaxDepth && IsNested(text))
            return;
        Detect(new Text(text, kind, depth > 0));
        if (depth == MaxDepth || IsAttack)
            return;
        var buffer = ArrayPool<char>.Shared.Rent(text.Length + 16);
        if (Decoder.TryDecode(text, buffer, out var length))
            JudgeDecoded(buffer.AsSpan(0, length), depth + 1);
        ArrayPool<char>.Shared.Return(buffer);

        foreach (var run in Base64Text.Runs(text))
        {
            var wrapped = ArrayPool<char>.Shared.Rent(text.Length + 16);
            if (Base64Text.TryRead(text[run], wrapped, out length) && !IsPlain(wrapped.AsSpan(0, length)))
                JudgeDecoded(wrapped.AsSpan(0, length), depth + 1);
            ArrayPool<char>.Shared.Return(wrapped);
        }
    }

    private bool IsNested(ReadOnlySpan<char> text)
    {
        nesting++;
        var (outerKind, outerName) = (kind, name);
        var bytes = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(text.Length));
        var whole = JsonFields.Judge(this, bytes.AsSpan(0, Encoding.UTF8.GetBytes(text, bytes)), outerName);
        ArrayPool<byte>.Shared.Return(bytes);
        (kind, name) = (outerKind, outerName);
        nesting--;
        return whole;
    }

    private void Detect(Text text)
    {
        SqlJudge.Judge(text, this);
        HtmlJudge.Judge(text, this);
        ScriptJudge.Judge(text, this);
        ShellJudge.Judge(text, this);
        CodeJudge.Judge(text, this);
        NoSqlJudge.Judge(text, this);
        LdapJudge.Judge(text, this);
        TemplateJudge.Judge(text, this);
        XmlJudge.Judge(text, this);
        PathJudge.Judge(text, this);
        UrlJudge.Judge(text, this);
        LineJudge.Judge(text, this);
        AgentJudge.Judge(text, name, this);
    }
}
