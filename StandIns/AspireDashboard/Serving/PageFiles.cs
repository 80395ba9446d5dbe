using System.Collections.Frozen;
using System.Security.Cryptography;

namespace SecureShop.StandIns.AspireDashboard.Serving;

/// <summary>
/// The files of the pages, out of this assembly. A path is a key of a table and never goes near a file system, so there is
/// nothing to walk out of.
/// </summary>
internal static class PageFiles
{
    private const string Prefix = "pages/";

    private static readonly Lazy<FrozenDictionary<string, PageFile>> All = new(() => typeof(PageFiles).Assembly
        .GetManifestResourceNames()
        .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
        .ToFrozenDictionary(name => name[Prefix.Length..], Read, StringComparer.Ordinal));

    public static PageFile? Find(string path) => All.Value.GetValueOrDefault(path);

    private static PageFile Read(string name)
    {
        using var stream = typeof(PageFiles).Assembly.GetManifestResourceStream(name)!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return new(bytes, TypeOf(Path.GetExtension(name)), $"\"{Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 12))}\"");
    }

    private static string TypeOf(string extension) => extension switch
    {
        ".html" => "text/html; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".js" or ".mjs" => "text/javascript; charset=utf-8",
        ".json" => "application/json",
        ".svg" => "image/svg+xml",
        ".png" => "image/png",
        ".ico" => "image/x-icon",
        ".webp" => "image/webp",
        ".woff2" => "font/woff2",
        _ => "application/octet-stream",
    };
}

/// <summary>A file as it is served.</summary>
internal sealed record PageFile(ReadOnlyMemory<byte> Content, string ContentType, string Tag);
