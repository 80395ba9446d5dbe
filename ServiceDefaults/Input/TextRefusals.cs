using System.Net;
using System.Text;
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
            return QueryRefusals.IsPlain(name) ? name : whole;
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
