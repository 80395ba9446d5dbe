using System.Net;
using SecureShop.ServiceDefaults.Traffic;
using SecureShop.Testing;

namespace SecureShop.ServiceDefaults.Tests;

/// <summary>What is told of callers: each figure, in bounded memory, and nobody's name.</summary>
[Trait("Practice", "P34")]
public sealed class CallerFiguresTests
{
    private const int Places = 8;
    private const string Secret = "a secret of all replicas";
    private static readonly IPAddress Address = IPAddress.Parse("203.0.113.7");
    private static readonly Observation Plain = new(Route: 0, Status: 200, Received: 0, Sent: 0, Agent: 1, Object: null);

    private readonly TestClock clock = new();
    private readonly CallerFigures figures;

    public CallerFiguresTests()
    {
        clock.Stop();
        figures = new(clock, Secret, routes: 4);
    }

    [Fact]
    public async Task Requests_shares_sizes_and_changes_of_the_program_are_counted()
    {
        for (var request = 0; request < 20; request++)
        {
            figures.Count(Address, "alice", Plain with
            {
                Status = request switch { < 4 => 403, < 5 => 429, < 15 => 404, _ => 200 },
                Received = 10,
                Sent = 100,
                Agent = request < 18 ? 1 : request,
            });
        }

        var told = await TurnAsync();
        Assert.Equal(["address", "principal"], told.Select(summary => summary.Kind));
        Assert.All(told, summary => Assert.Equal(
            (20, 0.25, 0.5, 200L, 2000L, 2), (summary.Requests, summary.Refused, summary.NotFound, summary.Received, summary.Sent, summary.AgentChanges)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(1_000)]
    [InlineData(100_000)]
    public async Task Different_objects_are_estimated_and_the_same_ones_are_not_counted_twice(int objects)
    {
        for (var round = 0; round < 2; round++)
        {
            for (var number = 0; number < objects; number++)
                figures.Count(Address, subject: null, Plain with { Object = HashOf(number) });
        }

        if (objects == 0)
            figures.Count(Address, subject: null, Plain);
        var told = Assert.Single(await TurnAsync());
        Assert.InRange(told.Objects, objects * 0.6, objects * 1.4);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 1)]
    [InlineData(4, 2)]
    public async Task Entropy_tells_one_route_over_and_over_from_many_alike(int routes, double bits)
    {
        for (var request = 0; request < 40; request++)
            figures.Count(Address, subject: null, Plain with { Route = request % routes });
        Assert.Equal(bits, Assert.Single(await TurnAsync()).RouteEntropy, precision: 6);
    }

    [Fact]
    public async Task A_window_is_a_minute_and_the_next_one_begins_with_nothing()
    {
        figures.Count(Address, subject: null, Plain);
        clock.Advance(TimeSpan.FromSeconds(59));
        figures.Count(Address, subject: null, Plain);
        Assert.Equal(2, Assert.Single(await TurnAsync()).Requests);
        Assert.Equal(1, Assert.Single(await TurnAsync()).Requests);
    }

    [Fact]
    public async Task A_caller_is_an_IPv6_network_and_an_IPv4_address_in_either_form()
    {
        foreach (var address in (string[])["2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "2001:db8:1:3::1", "203.0.113.7", "::ffff:203.0.113.7"])
            figures.Count(IPAddress.Parse(address), subject: null, Plain);
        Assert.Equal([1, 2, 2], (await TurnAsync()).Select(summary => summary.Requests).Order());
    }

    [Fact]
    public async Task Who_has_a_whole_network_puts_out_its_neighbours_at_most()
    {
        for (var host = 1; host <= 5; host++)
            figures.Count(IPAddress.Parse($"198.51.{host}.1"), subject: null, Plain);
        for (var host = 0; host < 50_000; host++)
            figures.Count(IPAddress.Parse($"2001:db8:bad:{host:x}::1"), subject: null, Plain);

        // Its own few places, and of the others' at most those that happen to be there.
        Assert.InRange((await TurnAsync()).Count, Places, Places + 5);
    }

    [Fact]
    public async Task Many_networks_put_out_the_light_and_not_the_heavy_and_take_no_more_room()
    {
        for (var request = 0; request < 50; request++)
            figures.Count(Address, "alice", Plain);
        for (var network = 0; network < 200_000; network++)
            figures.Count(new IPAddress((uint)network * 2_654_435_761u), subject: null, Plain);

        var told = await TurnAsync();
        Assert.InRange(told.Count, 2_000, (512 * Places) + 1);
        Assert.Contains(told, summary => summary is { Kind: "address", Requests: 50 });
        Assert.Contains(told, summary => summary is { Kind: "principal", Requests: 50 });
    }

    [Fact]
    public async Task At_once_nothing_is_lost()
    {
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (var request = 0; request < 25_000; request++)
                figures.Count(Address, "alice", Plain with { Route = request % 4 });
        })));
        Assert.All(await TurnAsync(), summary => Assert.Equal((100_000, 2), (summary.Requests, summary.RouteEntropy)));
    }

    [Fact]
    [Trait("Practice", "P40")]
    public async Task A_pseudonym_is_the_same_at_each_replica_and_another_with_another_secret_and_names_nobody()
    {
        figures.Count(Address, "alice", Plain);
        var here = await TurnAsync();
        var replica = new CallerFigures(clock, Secret, routes: 4);
        replica.Count(Address, "alice", Plain);
        var there = await TurnAsync(replica);
        var elsewhere = new CallerFigures(clock, "another secret", routes: 4);
        elsewhere.Count(Address, "alice", Plain);

        Assert.Equal(Names(here), Names(there));
        Assert.Empty(Names(here).Intersect(Names(await TurnAsync(elsewhere)), StringComparer.Ordinal));
        Assert.All(here, summary => Assert.Matches("^[0-9a-f]{32}$", summary.Caller));
        Assert.DoesNotContain("alice", string.Join(' ', here), StringComparison.Ordinal);
        Assert.DoesNotContain("203.0.113", string.Join(' ', here), StringComparison.Ordinal);

        static List<string> Names(IEnumerable<CallerSummary> summaries) => [.. summaries.Select(summary => summary.Caller).Order(StringComparer.Ordinal)];
    }

    [Fact]
    public void Who_is_known_costs_no_memory()
    {
        figures.Count(Address, "alice", Plain);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var request = 0; request < 1_000; request++)
            figures.Count(Address, "alice", Plain with { Object = request });
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static int HashOf(int number) => $"{number:x8}-0000-0000-0000-000000000000".GetHashCode(StringComparison.Ordinal);

    // Ends the window, by the first request of the next one.
    private async Task<IReadOnlyList<CallerSummary>> TurnAsync(CallerFigures? of = null)
    {
        clock.Advance(CallerFigures.Window);
        (of ?? figures).Count(Address, subject: null, Plain);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(20));
        await foreach (var window in (of ?? figures).ReadAllAsync(patience.Token))
            return window;
        throw new InvalidOperationException("The stream has ended.");
    }
}
