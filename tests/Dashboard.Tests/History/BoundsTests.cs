using SecureShop.StandIns.AspireDashboard.History;
using SecureShop.StandIns.AspireDashboard.Otlp;

namespace SecureShop.Dashboard.Tests.History;

public sealed class BoundsTests
{
    [Fact]
    public void The_oldest_go_first_by_number()
    {
        var history = new BoundedHistory<Item>(mostEntries: 1000, mostBytes: long.MaxValue);
        for (var i = 0; i < 2_500; i++)
            history.Add(new Item(10));

        Assert.Equal(1_000, history.Count);
        Assert.Equal(10_000, history.Bytes);
        Assert.Equal((1_501, 2_500), (history.First, history.Last));
        var chunk = new Item[2_000];
        Assert.Equal(1_000, history.Read(0, chunk));
        Assert.Equal(Enumerable.Range(1_501, 1_000).Select(number => (long)number), chunk.Take(1_000).Select(item => item.Sequence));
        Assert.Equal(1_000, history.ReadBack(long.MaxValue, chunk));
        Assert.Equal(2_500, chunk[0].Sequence);
        Assert.Equal(0, history.Read(2_501, chunk));
        Assert.Equal(0, history.ReadBack(1_501, chunk));
    }

    [Fact]
    public void The_oldest_go_first_by_bytes()
    {
        var history = new BoundedHistory<Item>(mostEntries: 1_000, mostBytes: 100);
        for (var i = 0; i < 20; i++)
            history.Add(new Item(10));
        Assert.Equal(10, history.Count);

        history.Add(new Item(95));

        Assert.Equal((1, 95L), (history.Count, history.Bytes));
    }

    [Fact]
    public async Task Who_reads_while_others_write_sees_every_entry_in_order()
    {
        var history = new BoundedHistory<Item>(mostEntries: 5_000, mostBytes: long.MaxValue);
        using var stop = new CancellationTokenSource();
        var writers = Enumerable.Range(0, 2).Select(_ => Task.Run(
            () =>
            {
                while (!stop.IsCancellationRequested)
                    history.Add(new Item(1));
            },
            TestContext.Current.CancellationToken)).ToList();
        var chunk = new Item[100];
        var deadline = TimeProvider.System.GetUtcNow().AddSeconds(30);
        while (history.Last < 100_000)
        {
            Assert.True(TimeProvider.System.GetUtcNow() < deadline, "Readers keep writers from writing.");
            var count = history.Read(history.Last - 50, chunk);
            for (var i = 1; i < count; i++)
                Assert.Equal(chunk[i - 1].Sequence + 1, chunk[i].Sequence);
        }

        await stop.CancelAsync();
        await Task.WhenAll(writers);
        Assert.Equal(5_000, history.Count);
    }

    [Fact]
    public void A_trace_goes_whole_and_the_first_to_come_goes_first()
    {
        var history = new TraceHistory();
        for (var trace = 1; trace <= TraceHistory.MostSpans / 100; trace++)
            Assert.Equal(0, history.Add([.. Enumerable.Range(1, 100).Select(i => ((UInt128)trace, Span(i)))]));
        Assert.Equal(TraceHistory.MostSpans, history.Spans);

        history.Add([(9_999_999, Span(1))]);

        Assert.Equal(TraceHistory.MostSpans - 99, history.Spans);
        Assert.Null(history.Find(1, trace => trace));
        Assert.Equal(100, history.Find(2, trace => trace)!.Spans.Count);
        Assert.Single(history.Find(9_999_999, trace => trace)!.Spans);
    }

    [Fact]
    public void Traces_are_bounded_by_bytes_too()
    {
        var history = new TraceHistory();
        for (var i = 1; i <= 10_000; i++)
            history.Add([((UInt128)i, Span(1, new byte[16_000]))]);

        Assert.InRange(history.Bytes, TraceHistory.MostBytes - 20_000, TraceHistory.MostBytes);
        Assert.InRange(history.Spans, 2_500, 3_200);
    }

    [Fact]
    public void A_trace_that_never_ends_does_not_push_out_the_others()
    {
        var history = new TraceHistory();
        history.Add([(1, Span(1))]);

        Assert.Equal(500, history.Add([.. Enumerable.Range(1, 2_500).Select(i => ((UInt128)2, Span(i)))]));

        Assert.True(history.Find(2, trace => trace)!.IsTruncated);
        Assert.Equal(2_000, history.Find(2, trace => trace)!.Spans.Count);
        Assert.NotNull(history.Find(1, trace => trace));
    }

    [Fact]
    public void Slots_make_room_as_time_goes_on()
    {
        var ring = new SlotRing<int>(5, 0);
        Assert.True(ring.Set(100, 1));
        Assert.True(ring.Set(98, 2));
        Assert.False(ring.Set(95, 3));
        Assert.Equal((1, 0, 2, 0, 2), (ring[100], ring[99], ring[98], ring[101], ring.Used));

        ring.Set(103, 4);

        Assert.Equal((4, 1, 0, 2), (ring[103], ring[100], ring[98], ring.Used));
        ring.Set(1_000_000, 5);
        Assert.Equal((5, 0, 1), (ring[1_000_000], ring[103], ring.Used));
    }

    private static Span Span(int id, byte[]? details = null) => new()
    {
        Id = (ulong)id,
        Parent = 0,
        Sender = new Sender("resource", "instance"),
        Scope = "scope",
        Name = "name",
        Kind = 2,
        Status = 0,
        Start = 1,
        End = 2,
        Details = details ?? [],
    };

    private sealed class Item(int size) : IEntry
    {
        public long Sequence { get; set; }

        public int Size => size;
    }
}
