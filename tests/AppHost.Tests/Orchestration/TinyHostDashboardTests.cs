using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using SecureShop.StandIns.AspireHosting.Processes;

namespace SecureShop.AppHost.Tests.Orchestration;

/// <summary>A whole AppHost with its dashboard, as users and their browsers meet it.</summary>
public sealed class TinyHostDashboardTests : IDisposable
{
    /// <summary>In milliseconds.</summary>
    private const int Patience = 120_000;

    private readonly TinyHostProcess _host = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = Patience)]
    [Trait("Practice", "P40")]
    public async Task The_link_that_is_printed_signs_in_once_and_the_next_one_follows_in_the_ready_file_too()
    {
        using var host = Start(out var pages, out _);
        var link = await _host.LinkAsync(host);
        Assert.StartsWith($"https://127.0.0.1:{pages}/login?t=", link.AbsoluteUri, StringComparison.Ordinal);
        await _host.UntilSaidAsync(host, "All healthy");

        // Once more when all is up, as the last line.
        Assert.Equal(link, await _host.LinkAsync(host));
        var dashboard = (await _host.ReadyAsync()).GetProperty("dashboard");
        Assert.Equal($"https://127.0.0.1:{pages}", dashboard.GetProperty("url").GetString());
        Assert.Equal(link.AbsoluteUri, dashboard.GetProperty("loginUrl").GetString());
        Assert.StartsWith("https://localhost:", dashboard.GetProperty("otlpUrl").GetString(), StringComparison.Ordinal);
        Assert.True(dashboard.GetProperty("otlpApiKey").GetString()!.Length >= 32);

        using var browser = await _host.SignInAsync(link);
        var resources = await browser.GetFromJsonAsync<JsonElement>("/api/resources", Cancellation);
        Assert.Equal(["job", "service"], resources.GetProperty("resources").EnumerateArray().Select(resource => resource.GetProperty("name").GetString()!));

        var next = await _host.LinkAsync(host);
        Assert.NotEqual(link, next);
        await Eventually.IsTrue(async () => (await _host.ReadyAsync()).GetProperty("dashboard").GetProperty("loginUrl").GetString() == next.AbsoluteUri);
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => _host.SignInAsync(link));

        // What the console shows of AppHost and of the parts, and never the link.
        var console = await browser.GetStringAsync("/api/console", Cancellation);
        Assert.Contains("the job says hello", console, StringComparison.Ordinal);
        Assert.Contains("healthy", console, StringComparison.Ordinal);
        Assert.DoesNotContain("login?t", console, StringComparison.Ordinal);
    }

    [Fact(Timeout = Patience)]
    public async Task Commands_come_through_and_open_streams_do_not_hold_up_the_end()
    {
        using var host = Start(out var pages, out _);
        var link = await _host.LinkAsync(host);
        await _host.UntilSaidAsync(host, "All healthy");
        using var browser = await _host.SignInAsync(link);

        browser.DefaultRequestHeaders.Add("Origin", $"https://127.0.0.1:{pages}");
        using (var taken = await browser.PostAsync(new Uri("/api/resources/service/stop", UriKind.Relative), null, Cancellation))
            Assert.Equal(HttpStatusCode.Accepted, taken.StatusCode);
        await _host.UntilSaidAsync(host, "stopped, as asked");
        using (var refused = await browser.PostAsync(new Uri("/api/resources/service/stop", UriKind.Relative), null, Cancellation))
        {
            Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
            Assert.Contains("service is stopped; it can be started.", await refused.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        }

        using (var started = await browser.PostAsync(new Uri("/api/resources/service/start", UriKind.Relative), null, Cancellation))
            Assert.Equal(HttpStatusCode.Accepted, started.StatusCode);
        await _host.UntilSaidAsync(host, "healthy again");

        var streams = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => browser.GetStreamAsync("/api/live", Cancellation)));
        Assert.True(await streams[0].ReadAsync(new byte[16], Cancellation) > 0);
        var clock = Stopwatch.StartNew();
        await TinyHostProcess.SignalAsync(host, "INT");
        await host.StandardOutput.ReadToEndAsync(Cancellation);
        Assert.Equal(0, await TinyHostProcess.EndAsync(host));
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(5));
        Array.ForEach(streams, stream => stream.Dispose());
        Assert.False(File.Exists(_host.ReadyPath));
    }

    [Fact(Timeout = Patience)]
    public async Task A_taken_port_ends_it_with_the_mend()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        using var host = _host.Start("--Ports:Dashboard", ((IPEndPoint)other.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture));

        Assert.EndsWith(
            $"choose another port with --Ports:Dashboard N, or start without it by --no-dashboard.{Environment.NewLine}",
            await host.StandardError.ReadToEndAsync(Cancellation),
            StringComparison.Ordinal);
        Assert.Equal(1, await TinyHostProcess.EndAsync(host));
    }

    [Fact(Timeout = Patience)]
    public async Task A_dashboard_that_cannot_start_is_told_in_a_line_and_the_rest_goes_on()
    {
        // Too short to be safe: with it, anybody could sign in by guessing.
        using var host = Start(out _, out _, ("AppHost__BrowserToken", "guess"));

        var line = await _host.UntilSaidAsync(host, "The dashboard could not start, and so there is none");
        Assert.DoesNotContain("guess\"", line, StringComparison.Ordinal);
        await _host.UntilSaidAsync(host, "All healthy");
        await Eventually.IsTrue(() => File.Exists(_host.ReadyPath));
        Assert.False((await _host.ReadyAsync()).TryGetProperty("dashboard", out _));
    }

    [Fact(Timeout = Patience)]
    public async Task Without_a_dashboard_there_is_no_link_and_nothing_listens()
    {
        var pages = LoopbackPort.Free();
        using var host = _host.Start(["--no-dashboard", "--Ports:Dashboard", pages.ToString(CultureInfo.InvariantCulture)]);

        await _host.UntilSaidAsync(host, "All healthy");
        await Eventually.IsTrue(() => File.Exists(_host.ReadyPath));
        Assert.False((await _host.ReadyAsync()).TryGetProperty("dashboard", out _));
        Assert.True(LoopbackPort.IsFree(pages));
        await TinyHostProcess.SignalAsync(host, "INT");
        Assert.DoesNotContain("login?t", await host.StandardOutput.ReadToEndAsync(Cancellation), StringComparison.Ordinal);
    }

    public void Dispose() => _host.Dispose();

    private Process Start(out int pages, out int otlp, params (string Name, string Value)[] variables)
    {
        pages = LoopbackPort.Free();
        otlp = LoopbackPort.Free();
        return _host.Start(
            ["--Ports:Dashboard", pages.ToString(CultureInfo.InvariantCulture), "--Ports:Otlp", otlp.ToString(CultureInfo.InvariantCulture)], variables);
    }
}
