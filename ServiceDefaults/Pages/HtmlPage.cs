using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Net.Http.Headers;

namespace SecureShop.ServiceDefaults.Pages;

/// <summary>
/// A page for people that needs nothing besides itself: it is shown where a second request would be refused, or would reach nobody.
/// The pages of the identity server look the same, by the same style sheet.
/// </summary>
public static class HtmlPage
{
    /// <summary>The look of every page.</summary>
    public static string StyleSheet { get; } = Read("site.css");

    /// <summary>The sign of the shop, as SVG.</summary>
    public static string Icon { get; } = Read("icon.svg");

    /// <summary>The same as an address, for pages that need nothing besides themselves.</summary>
    public static string IconAddress { get; } = $"data:image/svg+xml;base64,{Convert.ToBase64String(Encoding.UTF8.GetBytes(Icon))}";

    // Injected markup: no script runs at all, and of styles the one with this hash.
    private static readonly string Policy =
        $"default-src 'none'; style-src 'self' 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(StyleSheet)))}'; "
        + "img-src data:; base-uri 'none'; frame-ancestors 'none'; form-action 'self'";

    /// <summary>
    /// Whether <paramref name="request"/> names HTML and prefers it to JSON, as browsers do that navigate. A program that takes
    /// anything (<c>*/*</c>, as curl and fetch do) does not.
    /// </summary>
    public static bool IsPreferred(HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var accepted = request.GetTypedHeaders().Accept;
        var html = Quality(accepted, "text/html") ?? Quality(accepted, "text/*") ?? 0;
        var json = Quality(accepted, "application/problem+json") ?? Quality(accepted, "application/json")
            ?? Quality(accepted, "application/*") ?? Quality(accepted, "*/*") ?? 0;
        return html > 0 && html >= json;
    }

    /// <summary>Answers with a page, whose status is that of the response so far.</summary>
    /// <param name="context">The request.</param>
    /// <param name="title">Its title and heading, as text.</param>
    /// <param name="body">What follows, as HTML: what is not ours must be encoded in it.</param>
    /// <param name="wide">Whether there is much to read.</param>
    public static async Task WriteAsync(HttpContext context, string title, string body, bool wide = false)
    {
        ArgumentNullException.ThrowIfNull(context);
        var page = Encoding.UTF8.GetBytes(Render(title, body, wide));
        var response = context.Response;
        response.Headers.ContentSecurityPolicy = Policy;
        response.Headers.CacheControl = "no-store";
        response.ContentType = "text/html; charset=utf-8";
        response.ContentLength = page.Length;
        await response.Body.WriteAsync(page, context.RequestAborted);
    }

    private static string Render(string title, string body, bool wide) => $"""
        <!doctype html>
        <html lang="en">
        <head>
          <meta charset="utf-8">
          <meta name="viewport" content="width=device-width, initial-scale=1">
          <meta name="robots" content="noindex">
          <title>{title} - SecureShop</title>
          <link rel="icon" href="{IconAddress}">
          <style>{StyleSheet}</style>
        </head>
        <body>
          <main class="card{(wide ? " wide" : "")}">
            <p class="brand"><a href="/"><img src="{IconAddress}" alt="" width="32" height="32">SecureShop</a></p>
            <h1>{title}</h1>
            {body}
          </main>
        </body>
        </html>

        """;

    private static double? Quality(IList<MediaTypeHeaderValue> accepted, string type)
        => accepted.Where(one => one.MediaType.Equals(type, StringComparison.OrdinalIgnoreCase)).Select(one => (double?)(one.Quality ?? 1)).Max();

    private static string Read(string file)
    {
        using var stream = typeof(HtmlPage).Assembly.GetManifestResourceStream(file)
            ?? throw new InvalidOperationException($"{file} is not embedded in the assembly.");
        using var reader = new StreamReader(stream, Encoding.UTF8);

        // As a browser reads the page, or the hash would be that of another text.
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}

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
                <div class="actions"><a class="button second" href="/">Home</a></div>
                """);
        }
    }
}

/// <summary>What a status means to a person, and what to do now. Of the request it repeats nothing.</summary>
internal static class ErrorText
{
    public static (string Title, string Advice) Of(int status, string? retryAfter) => status switch
    {
        StatusCodes.Status401Unauthorized => ("Sign in first", "This address is for apps that have signed in."),
        StatusCodes.Status403Forbidden => ("Not allowed", "This is not open to you."),
        StatusCodes.Status404NotFound => ("There is nothing here", "The address may be mistyped, or what it led to is gone."),
        StatusCodes.Status405MethodNotAllowed => ("That does not work here", "There is something at this address, but it cannot be asked for in this way."),
        StatusCodes.Status413PayloadTooLarge => ("That was too much at once", "More was sent than this address takes. None of it was kept."),
        StatusCodes.Status414UriTooLong => ("The address is too long", "The app or link that you came from asked for too much at once. Go back to it and try again; if that does not help, tell its makers."),
        StatusCodes.Status415UnsupportedMediaType => ("That cannot be read", "What was sent is in a form that this address does not take."),
        StatusCodes.Status421MisdirectedRequest => ("Nothing goes by this name", "The address leads here, but nothing is served under its name."),
        StatusCodes.Status429TooManyRequests => ("Too many requests", $"More came from your network than is let in at a time. {Wait(retryAfter)}"),
        StatusCodes.Status431RequestHeaderFieldsTooLarge => ("Your browser sends too much along", "Clear the cookies of this site, then try again."),
        StatusCodes.Status502BadGateway or StatusCodes.Status503ServiceUnavailable or StatusCodes.Status504GatewayTimeout
            => ("Away for a moment", $"What answers here cannot be reached. {Wait(retryAfter)}"),
        >= StatusCodes.Status500InternalServerError => ("Something went wrong", "That is our fault. Please try again in a moment."),
        _ => ("This cannot be answered", "Something in the address or the form cannot be read. Go back, reload the page and try again."),
    };

    private static string Wait(string? retryAfter)
        => int.TryParse(retryAfter, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? $"Please try again in {(seconds == 1 ? "a second" : $"{seconds} seconds")}."
            : "Please try again in a moment.";
}
