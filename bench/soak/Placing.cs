using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Npgsql;
using SecureShop.ServiceDefaults.Access;
using SecureShop.Testing;

namespace SecureShop.Bench.Soak;

/// <summary>What an order costs that is placed and paid: time at the service and through the gateway, in turns; statements; memory.</summary>
internal sealed class Placing(Shop shop) : IDisposable
{
    private const int AtOnce = 4;
    private const int OrdersOfARound = 100;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly HttpClient service = TestCertificate.Client(new($"https://localhost:{shop.Orders.Port}"));
    private readonly HttpClient gateway = shop.Client();
    private int customers;

    public async Task RunAsync(int rounds)
    {
        // Just-in-time compilation ends when code has run for a while.
        for (var warmUp = 0; warmUp < 3; warmUp++)
        {
            await PlaceAsync(service, "/", OrdersOfARound, AtOnce);
            await PlaceAsync(gateway, "/api/orders", OrdersOfARound, AtOnce);
        }

        List<(double[] Service, double[] Gateway)> measured = [];
        await Task.Delay(Pause);
        var (allocated, placed) = (shop.Allocated, 0);
        for (var round = 0; round < rounds; round++)
        {
            // There and back again: what changes steadily meets both alike.
            double[] direct = round % 2 == 0 ? await PlaceAsync(service, "/", OrdersOfARound, AtOnce) : [];
            var through = await PlaceAsync(gateway, "/api/orders", OrdersOfARound, AtOnce);
            measured.Add((round % 2 == 0 ? direct : await PlaceAsync(service, "/", OrdersOfARound, AtOnce), through));
            placed += 2 * OrdersOfARound;
        }

        await Task.Delay(Pause);
        var bytes = (shop.Allocated - allocated) / placed;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{rounds} rounds of {OrdersOfARound} orders each way, {AtOnce} at once; orders of one line, paid at once"));
        Report("at the service", measured.SelectMany(round => round.Service));
        Report("through the gateway", measured.SelectMany(round => round.Gateway));
        var ratios = measured.ConvertAll(round => At(round.Gateway, 0.5) / At(round.Service, 0.5));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"gateway / service at p50: {ratios.Average():0.00} ({ratios.Min():0.00} to {ratios.Max():0.00})"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"allocated by orders: {bytes / 1024.0:0} KB an order"));
        await StatementsAsync();
    }

    public void Dispose()
    {
        service.Dispose();
        gateway.Dispose();
    }

    /// <summary>As Postgres logs them, of each service's own role; what the services do beside an order is in it.</summary>
    [SuppressMessage("Security", "CA2100", Justification = "The texts are constants.")]
    private async Task StatementsAsync()
    {
        await using var admin = new NpgsqlConnection(shop.Admin);
        await admin.OpenAsync();
        foreach (var setting in (string[])["alter system set log_line_prefix = '%u|'", "alter system set log_statement = 'all'", "select pg_reload_conf()"])
        {
            await using var command = new NpgsqlCommand(setting, admin);
            await command.ExecuteNonQueryAsync();
        }

        await Task.Delay(Pause);
        var idle = await CountAsync(() => Task.Delay(4 * Pause));
        var began = Stopwatch.GetTimestamp();
        var busy = await CountAsync(() => PlaceAsync(service, "/", OrdersOfARound, 1));
        var beside = Stopwatch.GetElapsedTime(began) / (4 * Pause);
        foreach (var role in busy.Keys.Order(StringComparer.Ordinal))
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"statements of {role}: {(busy[role] - (beside * idle.GetValueOrDefault(role))) / OrdersOfARound:0.0} an order"));
    }

    private async Task<Dictionary<string, long>> CountAsync(Func<Task> work)
    {
        var before = shop.Statements.ToDictionary();
        await work();
        await Task.Delay(Pause);
        return shop.Statements.Where(role => role.Key.EndsWith("_app", StringComparison.Ordinal)).ToDictionary(role => role.Key, role => role.Value - before.GetValueOrDefault(role.Key));
    }

    private async Task<double[]> PlaceAsync(HttpClient client, string path, int count, int atOnce)
    {
        var times = await Task.WhenAll(Enumerable.Range(0, atOnce).Select(_ => Task.Run(async () =>
        {
            List<double> mine = [];
            var subject = $"customer-{Interlocked.Increment(ref customers)}";
            var token = TestTokens.Create("orders", subject, [Scope.OrdersRead, Scope.OrdersWrite], [Role.Customer]);
            for (var order = 0; order < count / atOnce; order++)
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, path);
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
                request.Headers.Add("Idempotency-Key", Guid.NewGuid().ToString("N"));
                request.Content = JsonContent.Create(new { lines = new[] { new { productId = shop.Products[order % 4].Id, quantity = 1 } }, paymentMethod = "pm_ok" });
                var began = Stopwatch.GetTimestamp();
                using var answer = await client.SendAsync(request);
                mine.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
                if (answer.StatusCode != System.Net.HttpStatusCode.Created)
                    throw new InvalidOperationException($"An order is answered with {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
            }

            return mine;
        })));
        return [.. times.SelectMany(mine => mine).Order()];
    }

    private static void Report(string name, IEnumerable<double> times)
    {
        double[] sorted = [.. times.Order()];
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-20} p50 {At(sorted, 0.5),6:0.0} ms   p95 {At(sorted, 0.95),6:0.0} ms   p99 {At(sorted, 0.99),6:0.0} ms"));
    }

    private static double At(double[] sorted, double share) => sorted[(int)(share * (sorted.Length - 1))];
}
