using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace SecureShop.ServiceDefaults.Input;

/// <summary>
/// Refuses (415) a body that is no JSON and no form, is compressed, or is said to be in another encoding than UTF-8. The framework
/// would read it in whatever encoding it names, past a filter that looks at the bytes, and fails at those that it does not know.
/// </summary>
internal static class MediaTypeRefusals
{
    private const string Multipart = "multipart/form-data";

    // RFC 2046, section 5.1.1.
    private const int LongestBoundary = 70;

    private static readonly HashSet<string> Taken = new(["application/json", "application/x-www-form-urlencoded", Multipart], StringComparer.OrdinalIgnoreCase);

    /// <summary>After the authorization: whoever may not call an endpoint does not learn what it takes.</summary>
    public static void UseMediaTypeRefusals(this WebApplication app) => app.Use((context, next) =>
    {
        var request = context.Request;
        if (context.GetEndpoint() is not RouteEndpoint || request.Headers.ContentType.Count == 0)
            return next(context);

        // What is said of a body that is not there must not decide how a form is read.
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false })
        {
            request.Headers.ContentType = default;
            return next(context);
        }

        if (Fault(request, out var type) is { } fault)
            return TypedResults.Problem(fault, statusCode: StatusCodes.Status415UnsupportedMediaType).ExecuteAsync(context);

        // Without the other parameters, so that whoever reads the body has none to read differently.
        request.ContentType = type;
        return next(context);
    });

    private static string? Fault(HttpRequest request, out string? type)
    {
        type = null;
        if (request.Headers.ContentEncoding.Count > 0)
        {
            // RFC 9110, section 15.5.16. A few bytes, unpacked, would pass the limit on bodies.
            request.HttpContext.Response.Headers.AcceptEncoding = "identity";
            return "Send the body as it is, without a Content-Encoding.";
        }

        // Of two, one reader takes the first and another the last.
        if (request.Headers.ContentType is not [{ } header] || !MediaTypeHeaderValue.TryParse(header.AsSpan().TrimEnd("; \t").ToString(), out var media) || !Taken.Contains(media.MediaType.ToString()))
            return $"Send one body of {string.Join(" or ", Taken)}.";

        type = media.MediaType.ToString();
        if (type.Equals(Multipart, StringComparison.OrdinalIgnoreCase))
        {
            if (media.Boundary.Length is 0 or > LongestBoundary)
                return $"Name the boundary of the parts, of {LongestBoundary} characters at most.";
            type = $"{Multipart}; boundary={media.Boundary}";
        }

        return IsUtf8(media) ? null : "Send the body in UTF-8; its charset is utf-8, said once or not at all.";
    }

    /// <summary>Whether the type says UTF-8, or nothing of an encoding.</summary>
    public static bool IsUtf8(MediaTypeHeaderValue media)
        => media.Parameters.Where(parameter => parameter.Name.Equals("charset", StringComparison.OrdinalIgnoreCase)).ToList() switch
        {
            [] => true,
            [var charset] => charset.GetUnescapedValue().Equals("utf-8", StringComparison.OrdinalIgnoreCase),
            _ => false,
        };
}

/// <summary>
/// A form of several parts (RFC 7578), looked at as it came: each part may name a type and an encoding of its own, which the
/// framework would follow, and may call itself a file, which a look at the fields would pass over.
/// </summary>
internal static class MultipartForm
{
    private const int MostParts = 64;

    /// <summary>The name of the first part that is not a field of text, and how to refuse it; null when all are.</summary>
    public static async Task<(string Name, int Status)?> FindFaultAsync(byte[] body, string boundary, CancellationToken cancellationToken)
    {
        var reader = new MultipartReader(boundary, new MemoryStream(body)) { HeadersCountLimit = 8, HeadersLengthLimit = 1024 };
        try
        {
            for (var parts = 0; await reader.ReadNextSectionAsync(cancellationToken) is { } part; parts++)
            {
                if (parts == MostParts || Name(part) is not { } name)
                    return ("form", StatusCodes.Status400BadRequest);
                if (!IsUtf8(part.ContentType))
                    return (name, StatusCodes.Status415UnsupportedMediaType);
                using var content = new MemoryStream();
                await part.Body.CopyToAsync(content, cancellationToken);
                if (!TextRules.IsLine(content.ToArray()))
                    return (name, StatusCodes.Status400BadRequest);
            }

            return null;
        }
        catch (Exception malformed) when (malformed is IOException or InvalidDataException)
        {
            return ("form", StatusCodes.Status400BadRequest);
        }
    }

    private static string? Name(MultipartSection part)
        => ContentDispositionHeaderValue.TryParse(part.ContentDisposition, out var disposition) && disposition.IsFormDisposition()
            && HeaderUtilities.RemoveQuotes(disposition.Name).Value is { } name && QueryRefusals.IsPlain(name)
            ? name
            : null;

    private static bool IsUtf8(string? type)
        => type is null
        || (MediaTypeHeaderValue.TryParse(type, out var media) && media.MediaType.Equals("text/plain", StringComparison.OrdinalIgnoreCase) && MediaTypeRefusals.IsUtf8(media));
}
