using System.Diagnostics;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;

namespace SecureShop.ServiceDefaults.Problems;

/// <summary>
/// Writes every problem the same way (RFC 9457): type, title, status and the trace id. The framework's own writer stays
/// silent when a caller's Accept header leaves problems out, and then plain text would be sent.
/// </summary>
internal sealed class ProblemWriter(IOptions<JsonOptions> json) : IProblemDetailsWriter
{
    public bool CanWrite(ProblemDetailsContext context) => true;

    public async ValueTask WriteAsync(ProblemDetailsContext context)
    {
        var http = context.HttpContext;
        var problem = context.ProblemDetails;
        problem.Status ??= http.Response.StatusCode;

        // about:blank says that the status tells all there is to tell.
        problem.Type = "about:blank";
        problem.Title = ReasonPhrases.GetReasonPhrase(problem.Status.Value) is { Length: > 0 } phrase ? phrase : "Error";
        if (problem is HttpValidationProblemDetails validation)
            validation.Errors = AsOnTheWire(validation.Errors);
        problem.Extensions["traceId"] = Activity.Current?.TraceId.ToString() ?? http.TraceIdentifier;
        http.Response.Headers.CacheControl = "no-store";
        await http.Response.WriteAsJsonAsync(problem, problem.GetType(), json.Value.SerializerOptions, "application/problem+json", http.RequestAborted);
    }

    /// <summary>Names fields as the caller writes them: <c>Lines[0].Quantity</c> is <c>lines[0].quantity</c> there; headers keep their names.</summary>
    private static Dictionary<string, string[]> AsOnTheWire(IDictionary<string, string[]> errors)
        => errors
            .GroupBy(error => error.Key.Contains('-', StringComparison.Ordinal) ? error.Key : string.Join('.', error.Key.Split('.').Select(JsonNamingPolicy.CamelCase.ConvertName)), StringComparer.Ordinal)
            .ToDictionary(error => error.Key, error => error.SelectMany(entry => entry.Value).ToArray(), StringComparer.Ordinal);
}
