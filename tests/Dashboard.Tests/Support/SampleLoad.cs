namespace SecureShop.Dashboard.Tests.Support;

/// <summary>The metrics of services under a load that rises and falls.</summary>
internal sealed class SampleLoad(Sample sample, TimeProvider clock)
{
    private static readonly double[] Bounds = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(2);

    private static readonly (string Resource, string Method, string Route, int Status, double Seconds)[] Routes =
    [
        ("gateway", "GET", "/api/catalog/{**rest}", 200, 0.012),
        ("gateway", "POST", "/api/orders/{**rest}", 201, 0.14),
        ("gateway", "GET", "/api/catalog/{**rest}", 429, 0.002),
        ("catalog", "GET", "/products", 200, 0.008),
        ("catalog", "GET", "/products/{id}", 200, 0.006),
        ("catalog", "GET", "/products", 500, 0.3),
        ("orders", "POST", "/orders", 201, 0.11),
        ("orders", "GET", "/orders/{id}", 404, 0.009),
        ("identity", "POST", "/connect/token", 200, 0.06),
    ];

    private readonly Dictionary<int, (ulong[] Buckets, double Sum)> _totals = [];
    private readonly DateTimeOffset _start = clock.GetUtcNow() - TimeSpan.FromMinutes(4);
    private DateTimeOffset _sent = clock.GetUtcNow() - TimeSpan.FromMinutes(4);

    /// <summary>Sends what is due since the last time; the first time, that of four minutes.</summary>
    public async Task SendAsync()
    {
        for (; _sent + Step <= clock.GetUtcNow(); _sent += Step)
        {
            for (var route = 0; route < Routes.Length; route++)
                Serve(route);
            foreach (var resource in Routes.Select(route => route.Resource).Distinct(StringComparer.Ordinal))
                await SendAsync(resource, _sent + Step);
        }
    }

    private async Task SendAsync(string resource, DateTimeOffset time)
    {
        var served = Routes.Index().Where(route => route.Item.Resource == resource).Select(route => new SamplePoint(_start, time, _totals[route.Index].Sum)
        {
            Buckets = [.. _totals[route.Index].Buckets],
            Bounds = Bounds,
            Attributes = new Dictionary<string, object?>
            {
                ["http.request.method"] = route.Item.Method,
                ["http.route"] = route.Item.Route,
                ["http.response.status_code"] = route.Item.Status,
            },
        }).ToArray();
        await sample.MetricsAsync(
            resource,
            "Microsoft.AspNetCore.Hosting",
            [
                SampleMetric.Histogram("http.server.request.duration", "s", isCumulative: true, served),
                SampleMetric.Sum("http.server.active_requests", "{request}", isMonotonic: false, isCumulative: true, new SamplePoint(_start, time, Wave(3, 6)) { IsWhole = true }),
            ],
            $"{resource}-1");
        await sample.MetricsAsync(
            resource,
            "System.Runtime",
            [
                SampleMetric.Gauge("dotnet.gc.last_collection.heap.size", "By", new SamplePoint(_start, time, 40e6 + (Wave(20, 30) * 1e6)) { IsWhole = true }),
                SampleMetric.Sum("dotnet.process.cpu.time", "s", isMonotonic: true, isCumulative: true, new SamplePoint(_start, time, (time - _start).TotalSeconds * 0.2)),
            ],
            $"{resource}-1");
        await sample.MetricsAsync(
            resource,
            "SecureShop",
            [
                SampleMetric.Sum(
                    "secureshop.refusals",
                    "{refusal}",
                    isMonotonic: true,
                    isCumulative: true,
                    [.. new[] { "wrong_password", "limit_address", "not_owner" }.Select((reason, i) =>
                        new SamplePoint(_start, time, Math.Floor((time - _start).TotalSeconds / (3 + i))) { IsWhole = true, Attributes = new Dictionary<string, object?> { ["reason"] = reason } })]),
            ],
            $"{resource}-1");
    }

    private void Serve(int route)
    {
        var (buckets, sum) = _totals.TryGetValue(route, out var known) ? known : (new ulong[Bounds.Length + 1], 0);
        var requests = (int)Wave(2 + route, 20);
        for (var i = 0; i < requests; i++)
        {
            // From half of it to three times as long, mostly near.
            var seconds = Routes[route].Seconds * (0.5 + (2.5 * Math.Pow((i + 0.5) / requests, 4)));
            var bucket = Array.FindIndex(Bounds, bound => seconds <= bound);
            buckets[bucket < 0 ? Bounds.Length : bucket]++;
            sum += seconds;
        }

        _totals[route] = (buckets, sum);
    }

    private double Wave(double least, double height) => Math.Round(least + (height * (1 + Math.Sin((_sent - _start).TotalSeconds / 40)) / 2));
}
