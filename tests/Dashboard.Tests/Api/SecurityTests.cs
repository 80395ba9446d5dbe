using System.Text.Json;
using SecureShop.Dashboard.Tests.Support;

namespace SecureShop.Dashboard.Tests.Api;

[Trait("Practice", "P33")]
public sealed class SecurityTests
{
    [Fact]
    public async Task Attacks_are_counted_by_reason_principal_address_and_limit()
    {
        await using var dashboard = await StartedDashboard.StartAsync();
        await dashboard.SignInAsync();
        using var sample = dashboard.Sender();
        await sample.LogsAsync("identity", "SecureShop.Security",
        [
            SampleLog.Security(4001, "SignedIn", null, ("Subject", "alice"), ("Client", "storefront")),
            SampleLog.Security(4002, "SignInFailed", "wrong_password", ("Subject", "bob"), ("Address", "203.0.113.7")),
            SampleLog.Security(4002, "SignInFailed", "wrong_password", ("Subject", "bob"), ("Address", "203.0.113.7")),
            SampleLog.Security(4003, "SignInUnknown", "unknown_account", ("Address", "203.0.113.8")),
            SampleLog.Security(4004, "LockedOut", "locked_out", ("Subject", "bob"), ("Address", "203.0.113.7")),
            SampleLog.Security(1002, "TokenRejected", "token_signature", ("Client", "mobile")),
            SampleLog.Security(1002, "TokenRejected", "token_lifetime", ("Client", "mobile")),
            SampleLog.Security(2001, "LimitHit", "limit_address", ("Class", "Credential"), ("By", "address"), ("Address", "203.0.113.7")),
            SampleLog.Security(1009, "EventsSuppressed", "limit_address", ("Count", 40)),
        ]);

        var picture = await dashboard.ReadAsync("/api/security");

        Assert.Equal(
            """{"signIns":1,"failures":3,"lockouts":1,"refusals":47,"limits":41,"forgedTokens":1}""", picture.GetProperty("totals").GetRawText());
        var refusals = picture.GetProperty("refusals").EnumerateArray().ToDictionary(reason => Text(reason, "reason")!, reason => reason.GetProperty("total").GetInt32());
        Assert.Equal(41, refusals["limit_address"]);
        Assert.Equal(2, refusals["wrong_password"]);
        Assert.Equal(["bob subject 3", "mobile client 2"], picture.GetProperty("principals").EnumerateArray().Select(one => $"{Text(one, "principal")} {Text(one, "kind")} {one.GetProperty("count")}"));
        Assert.Equal("""{"wrong_password":2,"locked_out":1}""", picture.GetProperty("principals")[0].GetProperty("reasons").GetRawText());
        Assert.Equal(["203.0.113.7 4", "203.0.113.8 1"], picture.GetProperty("addresses").EnumerateArray().Select(one => $"{Text(one, "address")} {one.GetProperty("count")}"));
        Assert.Equal(["Credential address 1"], picture.GetProperty("limits").EnumerateArray().Select(one => $"{Text(one, "class")} {Text(one, "by")} {one.GetProperty("count")}"));
        var events = picture.GetProperty("events").EnumerateArray().Select(one => Text(one, "eventName")).ToList();
        Assert.Equal((9, "EventsSuppressed", "SignedIn"), (events.Count, events[0], events[^1]));
        foreach (var reason in picture.GetProperty("refusals").EnumerateArray())
            Assert.Equal(reason.GetProperty("total").GetInt32(), reason.GetProperty("points").EnumerateArray().Sum(point => point[1].GetInt32()));
    }

    [Fact]
    public async Task Only_the_minutes_that_were_asked_for_count()
    {
        var clock = new HandClock();
        await using var dashboard = await StartedDashboard.StartAsync(clock);
        await dashboard.SignInAsync();
        using var sample = dashboard.Sender();
        for (var hit = 0; hit < 3; hit++)
        {
            await sample.LogsAsync("orders", "SecureShop.Security", [SampleLog.Security(1003, "OwnershipRefused", "not_owner", ("Subject", "eve"), ("Address", "192.0.2.1"))]);
            clock.Advance(TimeSpan.FromMinutes(10));
        }

        foreach (var (minutes, count, resolution) in new[] { (5, 0, 10_000), (15, 1, 10_000), (25, 2, 60_000), (60, 3, 60_000) })
        {
            var picture = await dashboard.ReadAsync($"/api/security?minutes={minutes}");
            Assert.Equal(count, picture.GetProperty("totals").GetProperty("refusals").GetInt32());
            Assert.Equal(resolution, picture.GetProperty("resolution").GetInt32());
            Assert.Equal(count, picture.GetProperty("principals").EnumerateArray().Sum(one => one.GetProperty("count").GetInt32()));
            Assert.Equal(count, picture.GetProperty("addresses").EnumerateArray().Sum(one => one.GetProperty("count").GetInt32()));
        }
    }

    [Fact]
    public async Task Who_takes_a_new_name_each_time_does_not_hide_who_comes_again()
    {
        await using var dashboard = await StartedDashboard.StartAsync();
        await dashboard.SignInAsync();
        using var sample = dashboard.Sender();
        await sample.LogsAsync("identity", "SecureShop.Security", Enumerable.Range(0, 4_000).Select(i => i % 10 == 0
            ? SampleLog.Security(4003, "SignInUnknown", "unknown_account", ("Address", "203.0.113.7"))
            : SampleLog.Security(4003, "SignInUnknown", $"reason_{i}", ("Address", $"2001:db8::{i:x}"))));

        var picture = await dashboard.ReadAsync("/api/security");

        Assert.Equal(4_000, picture.GetProperty("totals").GetProperty("refusals").GetInt32());
        Assert.InRange(picture.GetProperty("refusals").GetArrayLength(), 2, 65);
        var addresses = picture.GetProperty("addresses").EnumerateArray().ToList();
        Assert.Equal(10, addresses.Count);
        Assert.Equal(("203.0.113.7", 400), (Text(addresses[0], "address"), addresses[0].GetProperty("count").GetInt32()));
        Assert.Equal(100, picture.GetProperty("events").GetArrayLength());
    }

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
}
