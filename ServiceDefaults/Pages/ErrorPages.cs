using System.Diagnostics;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SecureShop.ServiceDefaults.Pages;

namespace SecureShop.ServiceDefaults;

/// <summary>People get an error as a page, programs as a problem.</summary>
public static class ErrorPages
{
    /// <summary>For what people see in their browsers. Called before the defaults: the first writer that can, does.</summary>
    public static void AddErrorPages(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddSingleton<IProblemDetailsWriter, Writer>();
    }

    private sealed class Writer : IProblemDetailsWriter
    {
        public bool CanWrite(ProblemDetailsContext context)
        {
            // In the clear nothing is shown but that it is refused. What is an API, or comes with a token, is called by programs.
            var request = context.HttpContext.Request;
            return request.IsHttps && request.Headers.Authorization.Count == 0
                && !request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase) && HtmlPage.IsPreferred(request);
        }

        public async ValueTask WriteAsync(ProblemDetailsContext context)
        {
            var http = context.HttpContext;
            var status = context.ProblemDetails.Status ?? http.Response.StatusCode;
            var (title, advice) = ErrorText.Of(status, http.Response.Headers.RetryAfter);
            var detail = context.ProblemDetails.Detail is { } more ? $"<p>{HtmlEncoder.Default.Encode(more)}</p>" : "";
            var trace = HtmlEncoder.Default.Encode(Activity.Current?.TraceId.ToString() ?? http.TraceIdentifier);
            await HtmlPage.WriteAsync(http, title, $"""
                <p class="lead">{advice}</p>
                {detail}
                <p class="fine">{status} {ReasonPhrases.GetReasonPhrase(status)}. Trace <code>{trace}</code></p>
                """);
        }
    }
}
