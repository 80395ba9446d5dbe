using BenchmarkDotNet.Attributes;
using SecureShop.Firewall;

namespace SecureShop.Bench.Micro;

/// <summary>Whether eight times the text takes about eight times as long, whatever it repeats.</summary>
[MemoryDiagnoser]
public class FirewallLengthBenchmark
{
    private string text = "";

    [Params("'", "<a b='", "or (", "{{", "$(", ";cat x", "/* ", "javascript: ", "%25")]
    public string Part { get; set; } = "";

    /// <summary>In characters.</summary>
    [Params(8 * 1024, 64 * 1024)]
    public int Length { get; set; }

    [GlobalSetup]
    public void Write() => text = string.Concat(Enumerable.Repeat(Part, Length / Part.Length));

    [Benchmark]
    public int Judge()
    {
        var inspection = new Inspection();
        inspection.Judge(FieldKind.JsonValue, "field", text);
        return inspection.Score;
    }
}
