using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using SecureShop.ServiceDefaults.Access;
using SecureShop.Testing;

namespace SecureShop.Bench.Soak;

/// <summary>
/// Places orders, one after the other, cancels some, and has the sellers ship and deliver others. Who gets no answer asks again by the same key, as clients should.
/// </summary>
internal sealed class Customer(Shop shop, Ledger ledger, string subject, Dice dice)
{
    private static readonly string[] Methods = ["pm_ok", "pm_ok", "pm_ok", "pm_ok", "pm_ok", "pm_ok", "pm_ok", "pm_slow", "pm_no_capture", "pm_stolen"];
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private readonly List<(Guid Id, List<Stocked> Products)> orders = [];

    public async Task RunAsync(CancellationToken stopping)
    {
        using var client = shop.Client();
        client.Timeout = Patience;
        while (!stopping.IsCancellationRequested)
        {
            switch (orders.Count == 0 ? 0 : dice.Roll(10))
            {
                case < 6:
                    await PlaceAsync(client, stopping);
                    break;
                case < 8:
                    await CancelAsync(client, dice.Pick(orders).Id);
                    break;
                default:
                    await SellAsync(client, dice.Pick(orders), deliver: dice.Roll(3) == 0);
                    break;
            }
        }
    }

    private async Task PlaceAsync(HttpClient client, CancellationToken stopping)
    {
        var chosen = Enumerable.Range(0, 1 + dice.Roll(3)).Select(_ => dice.Pick(shop.Products)).Distinct().ToList();
        var body = new { lines = chosen.Select(product => new { productId = product.Id, quantity = 1 + dice.Roll(5) }).ToList(), paymentMethod = dice.Pick(Methods) };
        var key = Guid.NewGuid().ToString("N");
        while (!stopping.IsCancellationRequested)
        {
            var (status, text, later) = await SendAsync(client, subject, Role.Customer, "/api/orders", body, key);
            if (status is HttpStatusCode.Created or HttpStatusCode.Accepted)
            {
                var id = JsonElement.Parse(text).GetProperty("id").GetGuid();
                ledger.Taken.AddOrUpdate(id, status == HttpStatusCode.Created, (_, paid) => paid || status == HttpStatusCode.Created);
                orders.Add((id, chosen));
                return;
            }

            // Refused for good: too few, a means of payment that is not good, given up.
            if (!later && status is HttpStatusCode.Conflict or HttpStatusCode.PaymentRequired or HttpStatusCode.BadGateway && text.Contains("\"detail\"", StringComparison.Ordinal))
                return;
            if (status is HttpStatusCode.BadRequest or HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.NotFound or HttpStatusCode.UnprocessableEntity)
                throw new InvalidOperationException($"No customer should see this: {(int)status} {text}");
            await Task.Delay(Pause, CancellationToken.None);
        }
    }

    private async Task CancelAsync(HttpClient client, Guid id)
    {
        var (status, _, _) = await SendAsync(client, subject, Role.Customer, $"/api/orders/{id}/cancel");
        if (status is HttpStatusCode.OK or HttpStatusCode.Accepted)
            ledger.Cancelled[id] = true;
    }

    private async Task SellAsync(HttpClient client, (Guid Id, List<Stocked> Products) order, bool deliver)
    {
        foreach (var seller in order.Products.Select(product => product.Seller).Distinct(StringComparer.Ordinal))
        {
            var (status, _, _) = await SendAsync(client, seller, Role.Seller, $"/api/orders/{order.Id}/{(deliver ? "deliver" : "ship")}");
            if (status == HttpStatusCode.OK)
                ledger.Shipped[order.Id] = true;
        }
    }

    private async Task<(HttpStatusCode? Status, string Text, bool Later)> SendAsync(HttpClient client, string who, string role, string path, object? body = null, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", TestTokens.Create("orders", who, [Scope.OrdersRead, Scope.OrdersWrite], [role]));
        if (key is not null)
            request.Headers.Add("Idempotency-Key", key);
        try
        {
            using var answer = await client.SendAsync(request, CancellationToken.None);
            ledger.Answered(answer.StatusCode);
            return (answer.StatusCode, await answer.Content.ReadAsStringAsync(CancellationToken.None), answer.Headers.RetryAfter is not null);
        }
        catch (Exception silent) when (silent is HttpRequestException or OperationCanceledException or IOException)
        {
            ledger.Answered(null);
            return (null, "", true);
        }
    }
}
