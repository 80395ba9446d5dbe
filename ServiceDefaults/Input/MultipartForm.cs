using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace SecureShop.ServiceDefaults.Input;

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
