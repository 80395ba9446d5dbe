namespace SecureShop.Identity.Pages;

/// <summary>A file that pages need. Its address holds a hash of its content, so that it may be kept for ever.</summary>
internal sealed class Asset
{
    private readonly byte[] content;
    private readonly string type;

    private Asset(string file, string type, string text)
    {
        content = Encoding.UTF8.GetBytes(text);
        this.type = type;
        Path = $"/assets/{Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, 6))}/{file}";
    }

    public static Asset Style { get; } = new("site.css", "text/css; charset=utf-8", HtmlPage.StyleSheet);

    public static Asset Icon { get; } = new("icon.svg", "image/svg+xml", HtmlPage.Icon);

    public static Asset ShowPassword { get; } = new("show-password.js", "text/javascript; charset=utf-8", Read("show-password.js"));

    public static Asset Passkeys { get; } = new("passkeys.js", "text/javascript; charset=utf-8", Read("passkeys.js"));

    public static IReadOnlyList<Asset> All { get; } = [Style, Icon, ShowPassword, Passkeys];

    public string Path { get; }

    private static string Read(string file)
    {
        using var reader = new StreamReader(typeof(Asset).Assembly.GetManifestResourceStream(file)!);
        return reader.ReadToEnd();
    }

    public IResult Send(HttpResponse response)
    {
        response.Headers.CacheControl = "public, max-age=31536000, immutable";
        return TypedResults.Bytes(content, type);
    }
}
