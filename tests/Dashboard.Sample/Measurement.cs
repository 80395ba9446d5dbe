using System.Diagnostics;
using System.Globalization;
using SecureShop.Dashboard.Tests.Support;
using SecureShop.StandIns.AspireDashboard;
using SecureShop.StandIns.AspireDashboard.History;
using SecureShop.StandIns.AspireDashboard.History.Security;
using SecureShop.StandIns.AspireDashboard.Otlp;

namespace SecureShop.Dashboard.Sample;

/// <summary>What the dashboard costs: to start, for a span, at rest, under load, and full. Senders are another process.</summary>
internal static class Measurement
{
    private const int SpansPerSecond = 5_000;
    private const int RecordsPerSecond = 2_000;
    private const int BatchSize = 500;
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(20);

    public static async Task RunAsync(int seconds)
    {
        var (began, cpu) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
        var console = new ConsoleHistory();
        await using var server = await DashboardServer.StartAsync(Options(), new TestHost(), console, CancellationToken.None);
        Say($"start: {Stopwatch.GetElapsedTime(began).TotalMilliseconds:0} ms, of which on a processor {(Environment.CpuUsage.TotalTime - cpu).TotalMilliseconds:0} ms");
        using var sample = new Tests.Support.Sample(server.OtlpAddress, server.OtlpApiKey);
        await sample.SpansAsync("first", [new(1, 1, 0, "first")]);

        await CostAsync("idle", Idle, () => Task.Delay(Idle));
        using var sender = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["send", server.OtlpAddress.ToString(), server.OtlpApiKey, $"{seconds}"])
        {
            Environment = { ["SSL_CERT_FILE"] = PemCertificate.CertificatePath },
        })!;
        await CostAsync($"{SpansPerSecond} spans/s and {RecordsPerSecond} log records/s", TimeSpan.FromSeconds(seconds), () => sender.WaitForExitAsync());
    }

    /// <summary>The sender: whole traces of four spans, and records with two attributes.</summary>
    public static async Task SendAsync(Uri receiver, string key, int seconds)
    {
        using var client = new HttpClient(new SocketsHttpHandler(), disposeHandler: true) { BaseAddress = receiver, Timeout = TimeSpan.FromSeconds(10) };
        client.DefaultRequestHeaders.Add("x-otlp-api-key", key);
        var records = Records();
        var messages = Enumerable.Range(1, seconds * (SpansPerSecond + RecordsPerSecond) / BatchSize)
            .Select(number => number % 7 < 2 ? ("/v1/logs", records) : ("/v1/traces", Spans((ulong)number)))
            .ToList();
        var (began, sent) = (Stopwatch.GetTimestamp(), 0);
        foreach (var (path, message) in messages)
        {
            // By the clock, not by ticks: what was held up is made up for.
            var ahead = TimeSpan.FromSeconds(sent / (double)(SpansPerSecond + RecordsPerSecond)) - Stopwatch.GetElapsedTime(began);
            if (ahead > TimeSpan.Zero)
                await Task.Delay(ahead);
            using var content = Tests.Support.Sample.Content(message);
            using var answer = await client.PostAsync(new Uri(path, UriKind.Relative), content);
            answer.EnsureSuccessStatusCode();
            sent += BatchSize;
        }

        Say($"sent: {sent / Stopwatch.GetElapsedTime(began).TotalSeconds:0} items a second");
    }

    public static void Parse()
    {
        var batches = Enumerable.Range(1, 200).Select(number => Spans((ulong)number)).ToList();
        var records = Enumerable.Repeat(Records(), 200).ToList();
        var closed = new TraceReader(new(), 1, TimeProvider.System);
        closed.Read(batches[0]);
        Loop("a span, shed", batches, batch => closed.Read(batch));

        var empty = GC.GetTotalMemory(forceFullCollection: true);
        var traces = new TraceHistory();
        var reader = new TraceReader(traces, int.MaxValue, TimeProvider.System);
        Loop("a span, kept", batches, batch => reader.Read(batch));
        empty = Full($"{traces.Spans} spans", traces.Bytes, empty);
        var logs = new LogHistory();
        var logReader = new LogReader(logs, new SecurityHistory(TimeProvider.System), int.MaxValue, TimeProvider.System);
        Loop("a log record, kept", records, batch => logReader.Read(batch));
        empty = Full($"{logs.Records.Count} log records", logs.Records.Bytes, empty);
        var console = new ConsoleHistory(TimeProvider.System, int.MaxValue);
        SampleShop.Console(console, 60_000);
        Full($"{console.Lines.Count} lines", console.Lines.Bytes, empty);
        GC.KeepAlive((traces, logs));
    }

    private static long Full(string what, long estimate, long before)
    {
        var now = GC.GetTotalMemory(forceFullCollection: true);
        Say($"{what}: {(now - before) / 1e6:0.0} MB, by our estimate {estimate / 1e6:0.0} MB");
        return now;
    }

    private static void Loop(string what, List<byte[]> batches, Action<byte[]> read)
    {
        for (var round = 0; round < 3; round++)
        {
            var (allocated, began) = (GC.GetAllocatedBytesForCurrentThread(), Environment.CpuUsage.TotalTime);
            batches.ForEach(read);
            var items = batches.Count * (double)BatchSize;
            var nanoseconds = (Environment.CpuUsage.TotalTime - began).TotalNanoseconds / items;
            if (round == 2)
                Say($"{what}: {nanoseconds:0} ns, {(GC.GetAllocatedBytesForCurrentThread() - allocated) / items:0} bytes allocated");
        }
    }

    private static async Task CostAsync(string what, TimeSpan time, Func<Task> run)
    {
        using var self = Process.GetCurrentProcess();
        var cpu = self.TotalProcessorTime;
        await run();
        self.Refresh();
        var managed = GC.GetTotalMemory(forceFullCollection: true);
        Say($"{what}: {(self.TotalProcessorTime - cpu) / time * 100:0.0} % of a processor, {managed / 1e6:0.0} MB managed, {self.WorkingSet64 / 1e6:0} MB working set");
    }

    private static byte[] Spans(ulong batch) => OtlpWriter.Request("gateway", "gateway-1", [("Microsoft.AspNetCore", Enumerable.Range(0, BatchSize).Select(i =>
    {
        var trace = ((UInt128)(batch * 0x9E3779B97F4A7C15UL) << 64) | ((batch * 1000) + ((ulong)i / 4) + 1);
        return new SampleSpan(trace, (batch * 1000) + (ulong)i + 1, i % 4 == 0 ? 0 : (batch * 1000) + (ulong)i, "GET /api/catalog/{**rest}")
        {
            Attributes = new Dictionary<string, object?>
            {
                ["http.request.method"] = "GET",
                ["http.route"] = "/api/catalog/{**rest}",
                ["http.response.status_code"] = 200,
                ["url.scheme"] = "https",
                ["url.path"] = $"/api/catalog/products/{i}",
                ["server.address"] = "localhost",
                ["server.port"] = 7443,
                ["network.protocol.version"] = "2",
                ["user_agent.original"] = "bench",
            },
        }.Write();
    }))]);

    private static byte[] Records() => OtlpWriter.Request("catalog", "catalog-1", [("SecureShop.Catalog.Products", Enumerable.Range(0, BatchSize).Select(i =>
        new SampleLog($"Handled request {i} of a customer in {i % 40} ms")
        {
            EventId = 7,
            EventName = "RequestHandled",
            Trace = (UInt128)i + 1,
            Span = (ulong)i + 1,
            Attributes = new Dictionary<string, object?> { ["Number"] = i, ["{OriginalFormat}"] = "Handled request {Number} of a customer in {Milliseconds} ms" },
        }.Write()))]);

    private static DashboardOptions Options() => new()
    {
        ApplicationName = "SecureShop",
        Port = 0,
        OtlpPort = 0,
        CertificatePath = PemCertificate.CertificatePath,
        KeyPath = PemCertificate.KeyPath,
    };

    private static void Say(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
