using System.Text;
using BenchmarkDotNet.Attributes;
using SecureShop.Firewall;

namespace SecureShop.Bench.Micro;

/// <summary>What the firewall adds to a clean body of 1 KB, of few long values or many short ones, and to one full of marks that mean nothing.</summary>
[MemoryDiagnoser]
public class FirewallBenchmark
{
    private const string Sentence = "A lamp of linen and oak, made in Denmark. It gives a warm light, and it fits on any table. ";

    private static readonly byte[] Few = Json(3, 330);
    private static readonly byte[] Many = Json(29, 22);
    private static readonly byte[] Marks = Encoding.UTF8.GetBytes("{\"text\":\"" + string.Concat(Enumerable.Repeat("It's 5' tall (or 6'); \\\"nice\\\" & bright, see https://example.com/a?b=c. ", 14)) + "\"}");

    [Benchmark(Baseline = true)]
    public int ThreeValues() => Score(Few);

    [Benchmark]
    public int TwentyNineValues() => Score(Many);

    [Benchmark]
    public int FullOfMarks() => Score(Marks);

    private static int Score(byte[] json)
    {
        var inspection = new Inspection();
        inspection.JudgeJson(json);
        return inspection.Score;
    }

    private static byte[] Json(int values, int length)
        => Encoding.UTF8.GetBytes("{" + string.Join(',', Enumerable.Range(0, values).Select(number => $"\"name{number}\":\"{string.Concat(Enumerable.Repeat(Sentence, 4))[..length]}\"")) + "}");
}
