using System.Text.Json;
using SecureShop.Dashboard.Tests.Support;

namespace SecureShop.Dashboard.Tests.Api;

public sealed class ConsoleTests
{
    [Fact]
    public async Task Lines_are_found_by_resource_replica_and_text()
    {
        await using var dashboard = await WithLinesAsync();

        Assert.Equal(["three", "Three and four"], Texts(await dashboard.ReadAsync("/api/console?text=THREE")));
        Assert.Equal(["one", "three"], Texts(await dashboard.ReadAsync("/api/console?resource=orders")));
        Assert.Equal(["Three and four"], Texts(await dashboard.ReadAsync("/api/console?resource=catalog&replica=catalog-2")));
        Assert.Empty(Texts(await dashboard.ReadAsync("/api/console?resource=order")));
        var found = await dashboard.ReadAsync("/api/console?text=t&limit=1");
        Assert.Equal((3, 1, 4), (found.GetProperty("matched").GetInt32(), found.GetProperty("first").GetInt32(), found.GetProperty("last").GetInt32()));
        Assert.Equal(["Three and four"], Texts(found));
    }

    [Fact]
    public async Task A_reader_goes_on_where_it_stood_in_both_directions()
    {
        await using var dashboard = await WithLinesAsync();

        Assert.Equal(["three", "Three and four"], Texts(await dashboard.ReadAsync("/api/console?limit=2")));
        Assert.Equal(["one", "two"], Texts(await dashboard.ReadAsync("/api/console?limit=2&before=3")));
        Assert.Equal(["two", "three"], Texts(await dashboard.ReadAsync("/api/console?limit=2&after=1")));
        Assert.Equal(["two"], Texts(await dashboard.ReadAsync("/api/console?after=1&before=3")));
        Assert.Empty(Texts(await dashboard.ReadAsync("/api/console?after=4")));

        // One who was there before a restart of AppHost asks for what comes after lines that are not there yet.
        Assert.Empty(Texts(await dashboard.ReadAsync("/api/console?after=4000")));
        Assert.Empty(Texts(await dashboard.ReadAsync("/api/console?before=1")));
    }

    [Fact]
    public async Task A_line_comes_with_where_it_is_from_and_without_its_colours()
    {
        await using var dashboard = await StartedDashboard.StartAsync();
        await dashboard.SignInAsync();
        dashboard.Console.Add("orders", "orders-1", "\u001b[32mgreen\u001b[0m <script>alert(1)</script>");

        var line = (await dashboard.ReadAsync("/api/console")).GetProperty("lines")[0];

        Assert.Equal("green <script>alert(1)</script>", line.GetProperty("text").GetString());
        Assert.Equal(("orders", "orders-1"), (line.GetProperty("resource").GetString(), line.GetProperty("replica").GetString()));
        Assert.InRange(line.GetProperty("time").GetDouble(), 1.7e12, 4e12);
    }

    [Fact]
    public void A_line_that_is_none_breaks_nothing()
    {
        var console = new StandIns.AspireDashboard.ConsoleHistory();

        console.Add(null!, null!, null!);

        Assert.Equal(1, console.Lines.Count);
    }

    private static async Task<StartedDashboard> WithLinesAsync()
    {
        var dashboard = await StartedDashboard.StartAsync();
        await dashboard.SignInAsync();
        dashboard.Console.Add("orders", "orders", "one");
        dashboard.Console.Add("catalog", "catalog-1", "two");
        dashboard.Console.Add("orders", "orders", "three");
        dashboard.Console.Add("catalog", "catalog-2", "Three and four");
        return dashboard;
    }

    private static IEnumerable<string?> Texts(JsonElement answer) => answer.GetProperty("lines").EnumerateArray().Select(line => line.GetProperty("text").GetString());
}
