using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

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
        if (context.GetEndpoint() is RouteEndpoint && await FindAsync(context.Request) is { } name)
        {
            var errors = new Dictionary<string, string[]>(StringComparer.Ordinal) { [name] = [TextRules.Message] };
            await TypedResults.Problem(new HttpValidationProblemDetails(errors) { Status = StatusCodes.Status400BadRequest }).ExecuteAsync(context);
            return;
        }

        await next(context);
    });

    /// <summary>The name of the first that is no text.</summary>
    private static async Task<string?> FindAsync(HttpRequest request)
    {
        // Decoded once already; a second encoding is no more welcome than what it hides.
        if (request.Path.Value is { } path && Find(Encoding.UTF8.GetBytes(path), "path") is not null)
            return "path";
        if (request.QueryString.Value is { Length: > 1 } query && Find(Encoding.UTF8.GetBytes(query[1..]), "query") is { } parameter)
            return parameter;
        return request.HasFormContentType ? Find(await ReadAsync(request), "form") : null;
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
