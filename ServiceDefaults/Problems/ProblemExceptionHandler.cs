using System.Data.Common;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Logging;
using SecureShop.ServiceDefaults.Input;

namespace SecureShop.ServiceDefaults.Problems;

/// <summary>Turns an exception into a problem. What went wrong stays in the log, under the trace id.</summary>
internal sealed partial class ProblemExceptionHandler(IProblemDetailsService problems, ILogger<ProblemExceptionHandler> logger) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        var problem = exception switch
        {
            BadHttpRequestException { InnerException: JsonException json } => Misread(json),
            BadHttpRequestException bad when UnboundParameter.Find(httpContext, bad) is { } parameter => Invalid(parameter, "Missing, or cannot be read."),
            BadHttpRequestException bad => new ProblemDetails { Status = bad.StatusCode },
            _ when StoreIsAway(exception) => new ProblemDetails { Status = StatusCodes.Status503ServiceUnavailable },
            _ => new ProblemDetails { Status = StatusCodes.Status500InternalServerError },
        };
        if (problem.Status >= StatusCodes.Status500InternalServerError)
            RequestFailed(exception);

        httpContext.Response.StatusCode = problem.Status!.Value;
        return await problems.TryWriteAsync(new() { HttpContext = httpContext, ProblemDetails = problem });
    }

    /// <summary>Whether the database could not be reached: nothing is wrong with the request, and it may be tried again.</summary>
    private static bool StoreIsAway(Exception? exception)
        => exception is DbException { IsTransient: true } || (exception is not null && StoreIsAway(exception.InnerException));

    /// <summary>Names the member, as the caller wrote it, and not what it was read into.</summary>
    private static HttpValidationProblemDetails Misread(JsonException json)
    {
        var member = json.Path is { Length: > 2 and <= 100 } path && Plain().IsMatch(path) ? path[2..] : "body";
        return Invalid(member, json is NoTextException ? TextRules.Message : "Unknown, missing, repeated or of the wrong kind.");
    }

    private static HttpValidationProblemDetails Invalid(string name, string why)
        => new(new Dictionary<string, string[]>(StringComparer.Ordinal) { [name] = [why] }) { Status = StatusCodes.Status400BadRequest };

    [GeneratedRegex(@"^\$\.[A-Za-z0-9_.\[\]]+$", RegexOptions.None, matchTimeoutMilliseconds: 100)]
    private static partial Regex Plain();

    [LoggerMessage(1101, LogLevel.Error, "The request failed.")]
    private partial void RequestFailed(Exception exception);
}
