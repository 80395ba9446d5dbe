using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace SecureShop.ServiceDefaults;

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

    private static readonly string IconAddress = $"data:image/svg+xml;base64,{Convert.ToBase64String(Encoding.UTF8.GetBytes(Icon))}";

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
