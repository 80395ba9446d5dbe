using System.Net;
using System.Text.Json;
using SecureShop.Dashboard.Tests.Support;

namespace SecureShop.Dashboard.Tests.Serving;

public sealed class LiveTests
{
    [Fact]
    public async Task Changes_are_told_as_they_come()
    {
        await using var dashboard = await StartedDashboard.StartAsync();
        await dashboard.SignInAsync();
        using var answer = await dashboard.GetAsync("/api/live");
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.ToString());
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));

        var first = await NextAsync(reader);
        Assert.Equal(["console", "logs", "metrics", "resources", "security", "traces"], first.EnumerateObject().Select(part => part.Name).Order(StringComparer.Ordinal));
        Assert.All(first.EnumerateObject(), part => Assert.Equal(0, part.Value.GetInt64()));

        dashboard.Server.ResourcesChanged();
        Assert.Equal(1, (await NextAsync(reader)).GetProperty("resources").GetInt64());

        using var sample = dashboard.Sender();
        await sample.LogsAsync("identity", "SecureShop.Security", [SampleLog.Security(4001, "SignedIn", null, ("Subject", "s"))]);
        var third = await NextAsync(reader);
        Assert.Equal(1, third.GetProperty("logs").GetInt64());
        Assert.Equal(1, third.GetProperty("security").GetInt64());
    }

    [Fact]
    public async Task A_stream_ends_with_its_session()
    {
        await using var dashboard = await StartedDashboard.StartAsync();
        await dashboard.SignInAsync();
        using var answer = await dashboard.GetAsync("/api/live");
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        await NextAsync(reader);

        using (await dashboard.PostAsync("/api/sign-out"))
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
            patience.CancelAfter(TimeSpan.FromSeconds(20));
            Assert.Equal("", (await reader.ReadToEndAsync(patience.Token)).Trim());
        }
    }

    [Fact]
    public async Task Streams_are_bounded_and_make_room_when_they_end()
    {
        await using var dashboard = await StartedDashboard.StartAsync();
        await dashboard.SignInAsync();
        var streams = new List<HttpResponseMessage>();
        for (var i = 0; i < 32; i++)
            streams.Add(await dashboard.GetAsync("/api/live"));
        Assert.All(streams, stream => Assert.Equal(HttpStatusCode.OK, stream.StatusCode));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await dashboard.StatusOfAsync("/api/live"));

        streams.ForEach(stream => stream.Dispose());

        var deadline = TimeProvider.System.GetUtcNow().AddSeconds(20);
        while (await dashboard.StatusOfAsync("/api/live") != HttpStatusCode.OK)
        {
            Assert.True(TimeProvider.System.GetUtcNow() < deadline, "Streams that ended still count.");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task An_open_stream_does_not_hold_up_the_end()
    {
        var dashboard = await StartedDashboard.StartAsync();
        await dashboard.SignInAsync();
        using var answer = await dashboard.GetAsync("/api/live");
        var began = TimeProvider.System.GetTimestamp();

        await dashboard.DisposeAsync();

        Assert.True(TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(3));
    }

    private static async Task<JsonElement> NextAsync(StreamReader reader)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(20));
        while (await reader.ReadLineAsync(patience.Token) is { } line)
        {
            if (line == "event: change")
            {
                using var document = JsonDocument.Parse((await reader.ReadLineAsync(patience.Token))!["data: ".Length..]);
                return document.RootElement.Clone();
            }
        }

        throw new InvalidOperationException("The stream ended.");
    }
}
