using System.Net;
using System.Text.Json;

namespace SecureShop.ServiceDefaults.Tests;

/// <summary>What every refusal must look like.</summary>
internal static class ProblemAssert
{
    private static readonly string[] Allowed = ["type", "title", "status", "traceId", "detail", "errors"];

    public static async Task<JsonElement> IsProblemAsync(HttpStatusCode status, HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(status == answer.StatusCode, $"{(int)answer.StatusCode} instead of {(int)status}: {text}");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var problem = JsonElement.Parse(text);
        Assert.Equal((int)status, problem.GetProperty("status").GetInt32());
        Assert.Equal("about:blank", problem.GetProperty("type").GetString());
        Assert.Matches("^[0-9a-f]{32}$", problem.GetProperty("traceId").GetString());
        Assert.All(problem.EnumerateObject(), member => Assert.Contains(member.Name, Allowed));
        foreach (var leak in new[] { "Exception", "System.", "SecureShop.", "Microsoft.", "   at ", "/tmp", ".cs" })
            Assert.DoesNotContain(leak, text, StringComparison.Ordinal);
        Assert.False(answer.Headers.Contains("Server"));
        return problem;
    }
}
