using System.Data.Common;
using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SecureShop.ServiceDefaults.Input;
using SecureShop.ServiceDefaults.Tokens;
using JsonOptions = Microsoft.AspNetCore.Http.Json.JsonOptions;

namespace SecureShop.ServiceDefaults.Problems;

/// <summary>Problems (RFC 9457) for every error.</summary>
public static class ProblemExtensions
{
    internal static void AddProblems(this IHostApplicationBuilder builder)
    {
        // Before the framework's writer: the first that can write does.
        builder.Services.AddSingleton<IProblemDetailsWriter, ProblemWriter>();
        builder.Services.AddProblemDetails();
        builder.Services.AddSingleton<ProblemExceptionHandler>();
        builder.Services.AddSingleton<IExceptionHandler>(services => services.GetRequiredService<ProblemExceptionHandler>());
        builder.Services.AddSingleton<IDeveloperPageExceptionFilter, NoDeveloperPage>();
    }

    /// <summary>From here inwards, an exception and a bare error status both become a problem.</summary>
    public static void UseProblems(this IApplicationBuilder app)
    {
        app.UseExceptionHandler();
        app.UseStatusCodePages();
    }
}

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

            // A chunk whose size no number holds: Kestrel has no better word for it.
            IOException { InnerException: OverflowException } => new ProblemDetails { Status = StatusCodes.Status400BadRequest },
            _ when StoreIsAway(exception) => new ProblemDetails { Status = StatusCodes.Status503ServiceUnavailable },
            _ => new ProblemDetails { Status = StatusCodes.Status500InternalServerError },
        };
        if (problem.Status >= StatusCodes.Status500InternalServerError)
            RequestFailed(exception);

        httpContext.Response.StatusCode = problem.Status!.Value;
        return await problems.TryWriteAsync(new() { HttpContext = httpContext, ProblemDetails = problem });
    }

    /// <summary>Whether the database, or Redis where nothing goes without it, could not be reached: nothing is wrong with the request, and it may be tried again.</summary>
    private static bool StoreIsAway(Exception? exception)
        => exception is DbException { IsTransient: true } or ReplayMarksUnavailableException || (exception is not null && StoreIsAway(exception.InnerException));

    /// <summary>Names the member, as the caller wrote it, and not what it was read into.</summary>
    private static HttpValidationProblemDetails Misread(JsonException json)
    {
        var member = json.Path is { Length: > 2 and <= 100 } path && Plain().IsMatch(path) ? path[2..] : "body";
        return Invalid(member, json is NoTextException ? TextRules.Message : "Unknown, missing, repeated or of the wrong kind.");
    }

    private static HttpValidationProblemDetails Invalid(string name, string why)
        => new(new Dictionary<string, string[]>(StringComparer.Ordinal) { [name] = [why] }) { Status = StatusCodes.Status400BadRequest };

    // Names like ours. Another, such as __proto__, would be the name of a member in the hands of whoever reads the problem.
    [GeneratedRegex(@"^\$(\.[A-Za-z][A-Za-z0-9]*(\[[0-9]+\])*)+$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 100)]
    private static partial Regex Plain();

    [LoggerMessage(1101, LogLevel.Error, "The request failed.")]
    private partial void RequestFailed(Exception exception);
}

/// <summary>
/// Finds which header, query or route value the framework could not bind. It says so in its message only; the message
/// itself names types and values and is not passed on.
/// </summary>
internal static class UnboundParameter
{
    /// <summary>The name as the caller writes it, or null when the request is bad in another way.</summary>
    public static string? Find(HttpContext context, BadHttpRequestException exception)
    {
        if (exception.StatusCode != StatusCodes.Status400BadRequest)
            return null;

        // The exception handler has taken the endpoint off the context by now.
        var endpoint = context.Features.Get<IExceptionHandlerFeature>()?.Endpoint ?? context.GetEndpoint();
        var parameter = endpoint?.Metadata.GetOrderedMetadata<IParameterBindingMetadata>()
            .FirstOrDefault(parameter => exception.Message.Contains($" {parameter.Name}\" ", StringComparison.Ordinal));
        return parameter is null ? null : NameOnTheWire(parameter);
    }

    private static string NameOnTheWire(IParameterBindingMetadata parameter)
    {
        var sources = parameter.ParameterInfo.GetCustomAttributes(inherit: false);
        return sources.OfType<IFromHeaderMetadata>().FirstOrDefault()?.Name
            ?? sources.OfType<IFromQueryMetadata>().FirstOrDefault()?.Name
            ?? sources.OfType<IFromRouteMetadata>().FirstOrDefault()?.Name
            ?? parameter.Name;
    }
}

/// <summary>
/// The host adds a page with stack, headers and paths in the environment Development, outside of every other middleware.
/// Development is as strict as production: it becomes the same problem as everywhere.
/// </summary>
internal sealed class NoDeveloperPage(ProblemExceptionHandler handler) : IDeveloperPageExceptionFilter
{
    public async Task HandleExceptionAsync(ErrorContext errorContext, Func<ErrorContext, Task> next)
        => await handler.TryHandleAsync(errorContext.HttpContext, errorContext.Exception, errorContext.HttpContext.RequestAborted);
}
