using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SecureShop.Orders.Tests.Support;

/// <summary>What a customer sends.</summary>
public sealed record TestPurchase(IReadOnlyList<TestLine> Lines, string PaymentMethod = "pm_ok");

/// <summary>Makes request bodies and reads answers.</summary>
public static class Body
{
    public static TestPurchase Of(params (TestProduct Product, int Quantity)[] lines) =>
        new([.. lines.Select(line => new TestLine(line.Product.Id, line.Quantity))]);

    public static async Task<JsonElement> JsonAsync(this HttpResponseMessage answer) =>
        JsonElement.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));

    /// <summary>Asserts that the answer is a problem with this status, and returns it without its trace id.</summary>
    public static async Task<string> ProblemAsync(this HttpResponseMessage answer, HttpStatusCode status)
    {
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(status == answer.StatusCode, $"{(int)answer.StatusCode} instead of {(int)status}: {text}");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var problem = JsonNode.Parse(text)!.AsObject();
        Assert.True(problem.Remove("traceId"), "There is no trace id.");
        return problem.ToJsonString();
    }
}
