using System.Buffers;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace SecureShop.ServiceDefaults.Input;

/// <summary>
/// Refuses paths, queries and forms that are no text (<see cref="TextRules"/>), before anybody decodes them: the framework puts a
/// substitute for what is no UTF-8 or leaves it as it stands, and lets control characters through to pages and database.
/// </summary>
internal static class TextRefusals
{
    /// <summary>After the media types, which leave one way to write a form.</summary>
    public static void UseTextRefusals(this WebApplication app) => app.Use(async (context, next) =>
    {
        if (context.GetEndpoint() is RouteEndpoint && await FindFaultAsync(context.Request) is { } fault)
        {
            var errors = new Dictionary<string, string[]>(StringComparer.Ordinal) { [fault.Name] = [TextRules.Message] };
            await TypedResults.Problem(new HttpValidationProblemDetails(errors) { Status = fault.Status }).ExecuteAsync(context);
            return;
        }

        await next(context);
    });

    /// <summary>The name of the first that is no text, and how to refuse it.</summary>
    private static async Task<(string Name, int Status)?> FindFaultAsync(HttpRequest request)
    {
        // Decoded once already; a second encoding is no more welcome than what it hides.
        if (request.Path.Value is { } path && Find(Encoding.UTF8.GetBytes(path), "path") is not null)
            return ("path", StatusCodes.Status400BadRequest);
        if (request.QueryString.Value is { Length: > 1 } query && Find(Encoding.UTF8.GetBytes(query[1..]), "query") is { } parameter)
            return (parameter, StatusCodes.Status400BadRequest);
        if (!request.HasFormContentType)
            return null;
        var body = await ReadAsync(request);
        if (MediaTypeHeaderValue.Parse(request.ContentType!).Boundary is { Length: > 0 } boundary)
            return await MultipartForm.FindFaultAsync(body, HeaderUtilities.RemoveQuotes(boundary).Value!, request.HttpContext.RequestAborted);
        return Find(body, "form") is { } field ? (field, StatusCodes.Status400BadRequest) : null;
    }

    private static string? Find(byte[] encoded, string whole)
    {
        foreach (var range in encoded.AsSpan().Split((byte)'&'))
        {
            var (offset, length) = range.GetOffsetAndLength(encoded.Length);
            ReadOnlySpan<byte> pair = WebUtility.UrlDecodeToBytes(encoded, offset, length);
            if (TextRules.IsLine(pair))
                continue;

            var end = encoded.AsSpan(offset, length).IndexOf((byte)'=');
            var name = end < 0 ? "" : Encoding.UTF8.GetString(encoded, offset, end);
            return QueryRefusals.IsMemberName(name) ? name : whole;
        }

        return null;
    }

    /// <summary>The body, which may be read again; its size is limited by the server.</summary>
    private static async Task<byte[]> ReadAsync(HttpRequest request)
    {
        var body = new MemoryStream();
        request.HttpContext.Response.RegisterForDispose(body);
        await request.Body.CopyToAsync(body, request.HttpContext.RequestAborted);
        body.Position = 0;
        request.Body = body;
        return body.ToArray();
    }
}

/// <summary>
/// What text is: characters, and no control characters. NUL ends a string in C and is an error in Postgres, escape sequences rule a
/// terminal that shows a log, and half a pair of surrogates is no character at all.
/// </summary>
internal static class TextRules
{
    /// <summary>What a caller who breaks them is told.</summary>
    public const string Message = "Text in UTF-8, without control characters.";

    /// <summary>Whether <paramref name="text"/> keeps the rules. In JSON it may have tabs and line breaks: which members do, each says itself.</summary>
    public static bool IsText(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(text, out var rune, out var length) != OperationStatus.Done || (Rune.IsControl(rune) && rune.Value is not ('\t' or '\n' or '\r')))
                return false;
            text = text[length..];
        }

        return true;
    }

    /// <summary>Whether <paramref name="bytes"/> are text of one line in UTF-8; overlong forms, which hide a character, are not.</summary>
    public static bool IsLine(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(bytes, out var rune, out var length) != OperationStatus.Done || Rune.IsControl(rune))
                return false;
            bytes = bytes[length..];
        }

        return true;
    }
}

/// <summary>Reads strings of JSON that are text (<see cref="TextRules"/>), wherever in a body they stand.</summary>
internal sealed class TextConverter : JsonConverter<string>
{
    public override string Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var text = reader.GetString()!;
        return TextRules.IsText(text) ? text : throw new NoTextException();
    }

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStringValue(value);
    }
}

/// <summary>A string that is no text. The serializer adds where it stands.</summary>
internal sealed class NoTextException() : JsonException(TextRules.Message);
