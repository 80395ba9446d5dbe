using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using SecureShop.Firewall;

namespace SecureShop.Gateway.Firewall;

/// <summary>Hands the fields of a request to the firewall, each decoded as the service behind will do it.</summary>
internal static class RequestFields
{
    private const int MaxParts = 64;

    public static void JudgeHead(Inspection inspection, HttpRequest request, PathString path)
    {
        JudgePath(inspection, path.Value);
        JudgePairs(inspection, request.QueryString.Value, FieldKind.QueryName, FieldKind.QueryValue);
        foreach (var (name, values) in request.Headers)
        {
            if (!FirewallExclusions.IsJudgedHeader(name))
                continue;
            foreach (var value in values)
                inspection.Judge(FieldKind.Header, Names.Of(name), value);
        }

        foreach (var (name, value) in request.Cookies)
        {
            if (FirewallExclusions.IsJudgedCookie(name))
                inspection.Judge(FieldKind.Cookie, Names.Of(name), value);
        }
    }

    public static async Task JudgeBodyAsync(Inspection inspection, ReadOnlyMemory<byte> body, string? contentType, CancellationToken cancellation)
    {
        _ = MediaTypeHeaderValue.TryParse(contentType, out var type);
        if (type is not null && type.MatchesMediaType("application/x-www-form-urlencoded"))
            JudgePairs(inspection, Encoding.UTF8.GetString(body.Span), FieldKind.FormName, FieldKind.FormValue);
        else if (type is { Boundary.Length: > 0 } && type.MatchesMediaType("multipart/form-data"))
            await JudgePartsAsync(inspection, body, HeaderUtilities.RemoveQuotes(type.Boundary).Value!, cancellation);
        else if (type is not null && (type.MatchesMediaType("application/json") || type.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase)))
            inspection.JudgeJson(body.Span.StartsWith(Encoding.UTF8.Preamble) ? body.Span[Encoding.UTF8.Preamble.Length..] : body.Span);
        else
            inspection.Judge(FieldKind.FormValue, "body", Encoding.UTF8.GetString(body.Span));
    }

    /// <summary>Segment by segment, as a service reads it, and as a whole, as a file server would.</summary>
    private static void JudgePath(Inspection inspection, ReadOnlySpan<char> path)
    {
        foreach (var range in path.Split('/'))
            inspection.Judge(FieldKind.Path, "path", path[range]);
        inspection.Judge(FieldKind.Path, "path", path);
    }

    private static void JudgePairs(Inspection inspection, string? text, FieldKind names, FieldKind values)
    {
        foreach (var pair in new QueryStringEnumerable(text))
        {
            var name = pair.DecodeName().Span;
            var field = Names.Of(name);
            inspection.Judge(names, field, name);
            inspection.Judge(values, field, pair.DecodeValue().Span);
        }
    }

    private static async Task JudgePartsAsync(Inspection inspection, ReadOnlyMemory<byte> body, string boundary, CancellationToken cancellation)
    {
        try
        {
            using var stream = new MemoryStream(body.ToArray(), writable: false);
            var reader = new MultipartReader(boundary, stream);
            for (var parts = 0; parts < MaxParts && await reader.ReadNextSectionAsync(cancellation) is { } part; parts++)
            {
                _ = ContentDispositionHeaderValue.TryParse(part.ContentDisposition, out var disposition);
                var name = HeaderUtilities.RemoveQuotes(disposition?.Name ?? "").Value ?? "";
                inspection.Judge(FieldKind.FormName, Names.Of(name), name);
                inspection.Judge(FieldKind.FormName, Names.Of(name), disposition?.FileName.Value ?? disposition?.FileNameStar.Value);
                using var text = new StreamReader(part.Body, Encoding.UTF8);
                inspection.Judge(FieldKind.FormValue, Names.Of(name), await text.ReadToEndAsync(cancellation));
            }
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException)
        {
            // No form: the service says so. What was read of it is judged, and so is the rest, as the text that it is.
            inspection.Judge(FieldKind.FormValue, "body", Encoding.UTF8.GetString(body.Span));
        }
    }
}
