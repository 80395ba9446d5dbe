using System.Diagnostics;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.WebUtilities;

namespace SecureShop.Identity.Web;

internal static class ErrorPages
{
    /// <summary>People get an error as a page, programs as a problem. Called before the defaults: the first writer that can, does.</summary>
    public static void AddErrorPages(this IHostApplicationBuilder builder)
        => builder.Services.AddSingleton<IProblemDetailsWriter, ErrorPageWriter>();

    private sealed class ErrorPageWriter : IProblemDetailsWriter
    {
        // A browser that navigates names text/html; a program that takes anything does not.
        public bool CanWrite(ProblemDetailsContext context)
            => context.HttpContext.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);

        public async ValueTask WriteAsync(ProblemDetailsContext context)
        {
            var http = context.HttpContext;
            var status = context.ProblemDetails.Status ?? http.Response.StatusCode;
            var title = ReasonPhrases.GetReasonPhrase(status) is { Length: > 0 } phrase ? phrase : "Error";
            var trace = Activity.Current?.TraceId.ToString() ?? http.TraceIdentifier;
            http.Response.ContentType = "text/html; charset=utf-8";
            await http.Response.WriteAsync(Page(title, Advice(status), HtmlEncoder.Default.Encode(trace)), http.RequestAborted);
        }

        private static string Advice(int status) => status switch
        {
            StatusCodes.Status400BadRequest => "The page may have been open for too long. Go back, reload it and try again.",
            StatusCodes.Status404NotFound => "There is nothing at this address.",
            >= StatusCodes.Status500InternalServerError => "That is our fault. Please try again in a moment.",
            _ => "This request cannot be answered.",
        };

        private static string Page(string title, string advice, string trace) => $"""
            <!doctype html>
            <html lang="en">
            <head>
              <meta charset="utf-8">
              <meta name="viewport" content="width=device-width, initial-scale=1">
              <title>{title} - SecureShop</title>
              <link rel="icon" href="{Asset.Icon.Path}">
              <link rel="stylesheet" href="{Asset.Style.Path}">
            </head>
            <body>
              <main class="card">
                <p class="brand"><a href="/">SecureShop</a></p>
                <h1>{title}</h1>
                <p>{advice}</p>
                <p class="fine">Trace <code>{trace}</code></p>
              </main>
            </body>
            </html>
            """;
    }
}
