using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SecureShop.SystemTests.Support;

internal static class Answers
{
    public static async Task<JsonElement> JsonAsync(this HttpResponseMessage answer, HttpStatusCode status = HttpStatusCode.OK)
    {
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.StatusCode == status, $"{(int)answer.StatusCode} instead of {(int)status}: {text}");
        return JsonElement.Parse(text);
    }

    /// <summary>Asserts that the answer is a problem with one of these statuses that gives nothing away; returns it without its trace id.</summary>
    public static async Task<string> ProblemAsync(this HttpResponseMessage answer, params HttpStatusCode[] statuses)
    {
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(statuses.Contains(answer.StatusCode), $"{(int)answer.StatusCode} instead of {string.Join(" or ", statuses)}: {text}");
        Assert.True(answer.Content.Headers.ContentType?.MediaType == "application/problem+json", $"{(int)answer.StatusCode} is no problem: {text}");
        var problem = JsonNode.Parse(text)!.AsObject();
        Assert.True(problem.Remove("traceId"), $"There is no trace id: {text}");
        Assert.DoesNotMatch("(?i)exception|stack|npgsql|at SecureShop|select |\\.cs:|/tmp/|kestrel", text);
        return problem.ToJsonString();
    }

    public static async Task<string> TraceIdAsync(this HttpResponseMessage answer) =>
        JsonElement.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).GetProperty("traceId").GetString()!;
}
