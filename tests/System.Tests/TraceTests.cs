using System.Net;
using SecureShop.SystemTests.Support;

namespace SecureShop.SystemTests;

/// <summary>One request is one trace, from the edge to the SQL.</summary>
public sealed class TraceTests(ShopSystem shop)
{
    [Fact]
    [Trait("Practice", "P33")]
    public async Task The_trace_id_of_a_problem_leads_through_every_part()
    {
        // A system of its own: in the shared one the dashboard receives.
        var place = AppHostPlace.Create();
        try
        {
            await using var collector = new TraceCollector();
            await using var run = await AppHostRun.StartAsync(place, await collector.StartAsync());
            using var browser = new Browser(run);
            var tokens = await browser.SignInAsync("alice@secureshop.example", run.Ready.Parameters["demo-alice-password"], ShopSystem.EveryScope);
            using var alice = new Shopper(Trust.Client(run.Ready.AuthorityPath, place.Shop), tokens.Access);
            using var refused = await alice.OrderAsync(Guid.CreateVersion7());
            Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
            var trace = await refused.TraceIdAsync();

            await run.UntilAsync(() => IsComplete(collector, trace), $"the trace {trace} is complete: {Seen(collector, trace)}", TimeSpan.FromSeconds(20));
        }
        finally
        {
            Directory.Delete(place.Directory, recursive: true);
        }
    }

    [Fact]
    [Trait("Practice", "P33")]
    public async Task A_caller_does_not_choose_the_trace()
    {
        using var guest = shop.Guest();
        const string chosen = "0af7651916cd43dd8448eb211c80319c";

        using var answer = await guest.SendAsync(HttpMethod.Get, "/api/orders", json: null, ("traceparent", $"00-{chosen}-b7ad6b7169203331-01"));

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.NotEqual(chosen, await answer.TraceIdAsync());
    }

    private static bool IsComplete(TraceCollector collector, string trace)
    {
        var spans = collector.Of(trace).ToList();
        return new[] { "gateway", "orders", "catalog" }.All(service => spans.Exists(span => span.Service == service && span.Kind == CollectedSpan.Server))
            && new[] { "orders", "catalog" }.All(service => spans.Exists(span => span.Service == service && span.Attributes.Any(name => name.StartsWith("db.", StringComparison.Ordinal))));
    }

    private static string Seen(TraceCollector collector, string trace) => string.Join(", ", collector.Of(trace).Select(span => $"{span.Service}: {span.Name}"));
}
