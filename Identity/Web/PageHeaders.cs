namespace SecureShop.Identity.Web;

/// <summary>The headers that keep a page from being framed, read or scripted by others.</summary>
internal static class PageHeaders
{
    private static readonly object FormTarget = new();
    private static readonly object Connects = new();

    public static void UsePageHeaders(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        context.Response.OnStarting(Write, context);
        return next(context);
    });

    /// <summary>
    /// Lets the page's form end, after our own redirects, at a client's redirect address: browsers hold <c>form-action</c> against
    /// the whole chain. Only for an address that the token server has matched to the client.
    /// </summary>
    public static void AllowFormToEndAt(this HttpContext context, string redirectUri)
    {
        if (Uri.TryCreate(redirectUri, UriKind.Absolute, out var uri))
            context.Items[FormTarget] = uri.Scheme is "https" or "http" ? uri.GetLeftPart(UriPartial.Authority) : $"{uri.Scheme}:";
    }

    /// <summary>Lets the page's script ask this server (passkeys.js).</summary>
    public static void AllowConnecting(this HttpContext context) => context.Items[Connects] = true;

    private static Task Write(object state)
    {
        var context = (HttpContext)state;
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=(), usb=()";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        if (context.Response.ContentType?.StartsWith("text/html", StringComparison.OrdinalIgnoreCase) != true)
            return Task.CompletedTask;

        headers.XFrameOptions = "DENY";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        if (headers.CacheControl.Count == 0)
            headers.CacheControl = "no-store";
        // The token server's own form_post page brings a policy with the hash of its one script.
        if (headers.ContentSecurityPolicy.Count == 0)
            headers.ContentSecurityPolicy = Policy(context.Items[FormTarget] as string, context.Items.ContainsKey(Connects));
        return Task.CompletedTask;
    }

    private static string Policy(string? formTarget, bool connects)
        => $"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; {(connects ? "connect-src 'self'; " : "")}base-uri 'none'; frame-ancestors 'none'; "
            + $"form-action 'self'{(formTarget is null ? "" : " " + formTarget)}";
}
