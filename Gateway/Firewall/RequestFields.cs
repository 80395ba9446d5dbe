using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using SecureShop.Firewall;
using SecureShop.Gateway.Routes;

namespace SecureShop.Gateway.Firewall;

/// <summary>Hands the fields of a request to the firewall, each decoded as the service behind will do it.</summary>
internal sealed class RequestFields(Inspection inspection, PathString path, CleanTexts clean)
{
    public Inspection Inspection => inspection;

    public PathString Path => path;

    public void JudgeHead(HttpRequest request, GatewayRoute route)
    {
        if (route.HasText)
            JudgePath(path.Value);
        JudgePairs(request.QueryString.Value, FieldKind.QueryName, FieldKind.QueryValue);
        foreach (var (name, values) in request.Headers)
        {
            foreach (var value in values)
            {
                if (name.Equals(HeaderNames.Cookie, StringComparison.OrdinalIgnoreCase))
                    JudgeCookies(value);
                else if (value is not null && !clean.Contains(value))
                    JudgeHeader(Names.Of(name), value);
            }
        }
    }

    public async Task JudgeBodyAsync(ReadOnlyMemory<byte> body, string? contentType, CancellationToken cancellation)
    {
        _ = MediaTypeHeaderValue.TryParse(contentType, out var type);
        if (type is not null && type.MatchesMediaType("application/x-www-form-urlencoded"))
            JudgePairs(Encoding.UTF8.GetString(body.Span), FieldKind.FormName, FieldKind.FormValue);
        else if (type is { Boundary.Length: > 0 } && type.MatchesMediaType("multipart/form-data"))
            await JudgePartsAsync(body, HeaderUtilities.RemoveQuotes(type.Boundary).Value!, cancellation);
        else if (type is not null && (type.MatchesMediaType("application/json") || type.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase)))
            inspection.JudgeJson(body.Span.StartsWith(Encoding.UTF8.Preamble) ? body.Span[Encoding.UTF8.Preamble.Length..] : body.Span);
        else
            Judge(FieldKind.FormValue, "body", Encoding.UTF8.GetString(body.Span));
    }

    /// <summary>Segment by segment, as a service reads it, and as a whole, as a file server would.</summary>
    private void JudgePath(ReadOnlySpan<char> text)
    {
        foreach (var range in text.Split('/'))
            Judge(FieldKind.Path, "path", text[range]);
        Judge(FieldKind.Path, "path", text);
    }

    private void JudgeHeader(string name, string value)
    {
        Judge(FieldKind.Header, name, value);

        // Not a token, which is another one tomorrow.
        if (inspection is { Hits.Count: 0, HasExcused: false } && !FirewallExclusions.IsToken(path, FieldKind.Header, name, value))
            clean.Add(value);
    }

    /// <summary>Each by itself, those too that are against the rules and that our own services would pass over.</summary>
    private void JudgeCookies(ReadOnlySpan<char> header)
    {
        foreach (var range in header.Split(';'))
        {
            var cookie = header[range];
            var sign = cookie.IndexOf('=');
            Judge(FieldKind.Cookie, Names.Of(cookie[..Math.Max(0, sign)].Trim()), cookie[(sign + 1)..].Trim(" \""));
        }
    }

    private void JudgePairs(string? text, FieldKind names, FieldKind values)
    {
        foreach (var pair in new QueryStringEnumerable(text))
        {
            var name = pair.DecodeName().Span;
            var field = Names.Of(name);
            Judge(names, field, name);
            Judge(values, field, pair.DecodeValue().Span);
        }
    }

    private async Task JudgePartsAsync(ReadOnlyMemory<byte> body, string boundary, CancellationToken cancellation)
    {
        try
        {
            using var stream = new MemoryStream(body.ToArray(), writable: false);
            var reader = new MultipartReader(boundary, stream);
            while (await reader.ReadNextSectionAsync(cancellation) is { } part)
            {
                _ = ContentDispositionHeaderValue.TryParse(part.ContentDisposition, out var disposition);
                var name = HeaderUtilities.RemoveQuotes(disposition?.Name ?? "").Value ?? "";
                Judge(FieldKind.FormName, Names.Of(name), name);
                Judge(FieldKind.FormName, Names.Of(name), disposition?.FileName.Value ?? disposition?.FileNameStar.Value);
                using var text = new StreamReader(part.Body, Encoding.UTF8);
                Judge(FieldKind.FormValue, Names.Of(name), await text.ReadToEndAsync(cancellation));
            }
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or ArgumentOutOfRangeException)
        {
            // No form, or a boundary of thousands of characters, for which the reader has no room: the service says so. What was read of
            // it is judged, and so is the rest, as the text that it is.
            Judge(FieldKind.FormValue, "body", Encoding.UTF8.GetString(body.Span));
        }
    }

    private void Judge(FieldKind kind, string name, ReadOnlySpan<char> value)
    {
        if (!FirewallExclusions.IsToken(path, kind, name, value))
            inspection.Judge(kind, name, value);
    }
}
