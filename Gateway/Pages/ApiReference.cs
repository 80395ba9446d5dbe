using System.Security.Cryptography;
using Microsoft.AspNetCore.Authorization;
using Scalar.AspNetCore;
using SecureShop.Gateway.Doors;
using SecureShop.Gateway.Routes;
using SecureShop.ServiceDefaults.Access;
using SecureShop.ServiceDefaults.Input;
using SecureShop.ServiceDefaults.Pages;

namespace SecureShop.Gateway.Pages;

/// <summary>The reference of the APIs, in which one signs in and tries them: Scalar over the services' documents.</summary>
internal static class ApiReference
{
    /// <summary>Where it is; Identity sends people back there, too.</summary>
    public const string Path = "/docs/reference/";

    private static readonly AccessRule Open = AccessRule.Anyone("Documents of the APIs, which say what the source code says, and a page that shows them.");
    private static readonly string Script = Read("reference.js");
    private static readonly string Styles = Read("reference.styles.js");
    private static readonly string Style = Read("reference.css");

    public static void MapApiReference(this WebApplication app)
    {
        var identity = app.Services.GetRequiredService<PublicOrigins>().Identity.GetLeftPart(UriPartial.Authority);
        var apis = RouteTable.All.Select(route => route.Audience).OfType<string>().Distinct(StringComparer.Ordinal).ToList();
        foreach (var api in apis)
            app.MapGet($"/docs/{api}.json", (ApiDocuments documents, CancellationToken cancellation) => WriteAsync(api, documents, cancellation)).RequireAccess(Open);
        app.MapGet($"{Path}reference.js", () => TypedResults.Text(Script, "text/javascript")).RequireAccess(Open);
        app.MapScalarApiReference(Path.TrimEnd('/'), (options, context) => Configure(options, context, identity, string.Join(' ', apis))).RequireAccess(Open).AllowAnyQuery().Finally(endpoint =>
        {
            // Scalar says that of its own endpoints; it would switch the rule off.
            foreach (var anonymous in endpoint.Metadata.OfType<IAllowAnonymous>().ToList())
                endpoint.Metadata.Remove(anonymous);
        });
    }

    private static async Task<IResult> WriteAsync(string api, ApiDocuments documents, CancellationToken cancellation)
        => await documents.ReadAsync(api, cancellation) is { } document
            ? TypedResults.Bytes(document, "application/json")
            : TypedResults.Problem("The service that describes this API does not answer.", statusCode: StatusCodes.Status503ServiceUnavailable);

    private static void Configure(ScalarOptions options, HttpContext context, string identity, string apis)
    {
        var nonce = RandomNumberGenerator.GetHexString(32, lowercase: true);
        options.WithTitle("The APIs, to try - SecureShop").WithFavicon(HtmlPage.IconAddress).WithNonce(nonce).WithJavaScriptConfiguration($"{Path[1..]}reference.js");

        // Nothing of the page leaves for its makers: no fonts, figures, proxies, assistants.
        options.DisableDefaultFonts().DisableTelemetry().DisableAgent().DisableMcp().HideDeveloperTools().HideClientButton();
        options.AddHeadContent($"""
            <meta name="robots" content="noindex">
                <meta property="csp-nonce" content="{nonce}">
                <link rel="icon" href="{HtmlPage.IconAddress}">
                <style nonce="{nonce}">{Style}</style>
                <script nonce="{nonce}">{Styles}</script>
            """);
        options.AddHeaderContent($"""
            <header class="shop">
                  <a href="/">SecureShop</a> <a href="/docs">The APIs</a>
                  <button type="button" id="sign-in" data-issuer="{identity}" data-apis="{apis}">Sign in</button> <span id="signed-in" role="status"></span>
                </header>
            """);

        // Script and style that is put into the page from outside (XSS) lacks the nonce. No eval, and of other origins the one alone that
        // tokens come from.
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.ContentSecurityPolicy =
            $"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; img-src 'self' data:; connect-src 'self' {identity}; "
            + "base-uri 'none'; frame-ancestors 'none'; form-action 'none'";
    }

    private static string Read(string file)
    {
        using var stream = typeof(ApiReference).Assembly.GetManifestResourceStream(file) ?? throw new InvalidOperationException($"{file} is not embedded in the assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
