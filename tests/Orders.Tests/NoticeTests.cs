using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using SecureShop.Orders.Orders;
using SecureShop.Orders.Tests.Support;
using SecureShop.Storage.Payments;

namespace SecureShop.Orders.Tests;

/// <summary>The payment provider's signed notices: who may send one, and that it decides nothing.</summary>
[Trait("Practice", "P39")]
public sealed class NoticeTests(OrdersHost host) : IClassFixture<OrdersHost>
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_signed_notice_has_the_provider_asked_at_once(int secret)
    {
        var (id, customer) = await WaitingAsync();
        Assert.Equal(0, await host.Outbox.RunOnceAsync(TestContext.Current.CancellationToken));
        host.Payments.Afterwards = null;

        using var taken = await SendAsync(Notice(id), secret: OrdersHost.WebhookSecrets[secret]);
        Assert.Equal(HttpStatusCode.NoContent, taken.StatusCode);
        Assert.Equal(1, await host.Outbox.RunOnceAsync(TestContext.Current.CancellationToken));
        using var read = await customer.GetAsync($"/{id}");
        Assert.Equal("confirmed", (await read.JsonAsync()).GetProperty("state").GetString());
    }

    [Fact]
    [Trait("Practice", "P19")]
    public async Task A_notice_that_comes_again_or_lies_changes_nothing()
    {
        var (id, _) = await WaitingAsync();
        for (var time = 0; time < 3; time++)
        {
            using var taken = await SendAsync(Notice(id, "payment.captured"), id: "msg_1");
            Assert.Equal(HttpStatusCode.NoContent, taken.StatusCode);
            await host.Outbox.RunOnceAsync(TestContext.Current.CancellationToken);
        }

        Assert.Equal(OrderState.Reserved, (await host.StoredAsync(id)).State);
        Assert.Equal((0, 0m), await host.ChargedAsync(id));
        host.Payments.Afterwards = null;
        await host.SettleAsync();
        Assert.Equal((1, 24.90m), await host.ChargedAsync(id));
        using var late = await SendAsync(Notice(id), id: "msg_1");
        Assert.Equal(HttpStatusCode.NoContent, late.StatusCode);
        Assert.Equal((1, 24.90m), await host.ChargedAsync(id));
    }

    [Theory]
    [InlineData("another secret", "notice_signature")]
    [InlineData("another body", "notice_signature")]
    [InlineData("another id", "notice_signature")]
    [InlineData("another time", "notice_signature")]
    [InlineData("another version", "notice_signature")]
    [InlineData("no base64", "notice_signature")]
    [InlineData("empty signature", "notice_signature")]
    [InlineData("too old", "notice_time")]
    [InlineData("of the future", "notice_time")]
    [InlineData("no time", "notice_shape")]
    [InlineData("a time with a sign", "notice_shape")]
    [InlineData("two ids", "notice_shape")]
    [InlineData("no headers", "notice_shape")]
    [InlineData("a long id", "notice_shape")]
    [InlineData("a dot in the id", "notice_shape")]
    public async Task A_notice_that_is_not_the_providers_is_refused_and_leaves_an_event(string how, string reason)
    {
        var before = host.Events.All.Count(one => one.Id == 5051);
        var body = Notice(Guid.CreateVersion7());
        using var answer = how switch
        {
            "another secret" => await SendAsync(body, secret: Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))),
            "another body" => await SendAsync(body, sent: body + " "),
            "another id" => await SendAsync(body, change: headers => headers["webhook-id"] = ["msg_other"]),
            "another time" => await SendAsync(body, change: headers => headers["webhook-timestamp"] = [Seconds(1)]),
            "another version" => await SendAsync(body, change: headers => headers["webhook-signature"] = [headers["webhook-signature"][0].Replace("v1,", "v1a,", StringComparison.Ordinal)]),
            "no base64" => await SendAsync(body, change: headers => headers["webhook-signature"] = ["v1,%%%"]),
            "empty signature" => await SendAsync(body, change: headers => headers["webhook-signature"] = ["v1,"]),
            "too old" => await SendAsync(body, at: -301),
            "of the future" => await SendAsync(body, at: 330),
            "no time" => await SendAsync(body, change: headers => headers["webhook-timestamp"] = ["now"]),
            "a time with a sign" => await SendAsync(body, change: headers => headers["webhook-timestamp"] = ["+1"]),
            "two ids" => await SendAsync(body, change: headers => headers["webhook-id"] = ["msg_1", "msg_2"]),
            "a dot in the id" => await SendAsync(body, id: "msg.1"),
            "no headers" => await SendAsync(body, change: headers => headers.Clear()),
            _ => await SendAsync(body, id: new string('x', 65)),
        };

        await answer.ProblemAsync(HttpStatusCode.Forbidden);
        var refused = host.Events.All.Where(one => one.Id == 5051).Skip(before).ToList();
        Assert.Equal(reason, Assert.Single(refused)["Reason"]);
    }

    [Fact]
    public async Task One_good_signature_of_several_is_enough()
    {
        using var answer = await SendAsync(Notice(Guid.CreateVersion7()), change: headers => headers["webhook-signature"] = [$"v1,AAAA v2,BBBB {headers["webhook-signature"][0]}"]);
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("""{"data":{}}""")]
    [InlineData("""{"data":{"payment":"x"}}""")]
    public async Task A_signed_body_that_says_nothing_is_refused(string body)
    {
        using var answer = await SendAsync(body);
        await answer.ProblemAsync(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_long_body_is_refused()
    {
        using var answer = await SendAsync(Notice(Guid.CreateVersion7()) + new string(' ', 17_000));
        await answer.ProblemAsync(HttpStatusCode.RequestEntityTooLarge);
    }

    private static string Notice(Guid payment, string type = "payment.updated")
        => $$$"""{"type":"{{{type}}}","timestamp":"2026-11-27T00:00:00Z","data":{"payment":"{{{payment}}}"}}""";

    private string Seconds(int later) => (host.Clock.GetUtcNow().ToUnixTimeSeconds() + later).ToString(CultureInfo.InvariantCulture);

    private async Task<HttpResponseMessage> SendAsync(
        string body, string? id = null, int at = 0, string? secret = null, string? sent = null, Action<Dictionary<string, string[]>>? change = null)
    {
        id ??= $"msg_{Guid.NewGuid():N}";
        var time = Seconds(at);
        var key = Convert.FromBase64String(secret ?? OrdersHost.WebhookSecrets[0]);
        var signature = Convert.ToBase64String(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{id}.{time}.{body}")));
        var headers = new Dictionary<string, string[]>(StringComparer.Ordinal)
        {
            ["webhook-id"] = [id],
            ["webhook-timestamp"] = [time],
            ["webhook-signature"] = [$"v1,{signature}"],
        };
        change?.Invoke(headers);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/payments/notices") { Content = new StringContent(sent ?? body, Encoding.UTF8, "application/json") };
        foreach (var (name, values) in headers)
            request.Headers.TryAddWithoutValidation(name, values);
        return await host.Client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    /// <summary>An order whose payment the provider does not know yet, and which waits a while before it asks again.</summary>
    private async Task<(Guid Id, Caller Customer)> WaitingAsync()
    {
        host.Payments.Afterwards = (_, report) => Task.FromResult(report with { Status = PaymentStatus.Waiting });
        var customer = host.Customer();
        using var placed = await customer.PlaceAsync(Body.Of((host.Catalog.Add(), 1)));
        Assert.Equal(HttpStatusCode.Accepted, placed.StatusCode);
        var id = (await placed.JsonAsync()).GetProperty("id").GetGuid();

        // Far away, so that only a notice brings it near.
        await host.WithDatabaseAsync(database => database.Database.ExecuteSqlAsync(
            $"update orders.outbox_messages set next_attempt_at = {host.Clock.GetUtcNow().AddMinutes(5)} where subject = {id}"));
        return (id, customer);
    }
}
