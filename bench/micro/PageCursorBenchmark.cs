using BenchmarkDotNet.Attributes;
using SecureShop.ServiceDefaults.Paging;

namespace SecureShop.Bench.Micro;

/// <summary>Cursors are made and read once per page; hostile ones must not cost more than honest ones.</summary>
[MemoryDiagnoser]
public class PageCursorBenchmark
{
    private static readonly string Cursor = PageCursor.Encode("Linen shirt, ecru", "01980000-0000-7000-8000-000000000001");
    private static readonly string Nested = new('W', PageCursor.MaxLength);

    [Benchmark(Baseline = true)]
    public string Encode() => PageCursor.Encode("Linen shirt, ecru", "01980000-0000-7000-8000-000000000001");

    [Benchmark]
    public bool Decode() => PageCursor.TryDecode(Cursor, 2, out _);

    [Benchmark]
    public bool DecodeHostile() => PageCursor.TryDecode(Nested, 2, out _);
}
