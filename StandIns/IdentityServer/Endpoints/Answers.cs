using Microsoft.Extensions.Primitives;

namespace SecureShop.StandIns.IdentityServer.Endpoints;

/// <summary>Answers of the endpoints that clients call directly.</summary>
internal static class Answers
{
    /// <summary>Keeps tokens out of every cache (RFC 6749 5.1).</summary>
    public static void ForbidStoring(this HttpResponse response)
    {
        response.Headers.CacheControl = "no-store";
        response.Headers.Pragma = "no-cache";
    }

    public static Task WriteJsonAsync(this HttpContext context, IReadOnlyDictionary<string, object> body, int status = StatusCodes.Status200OK)
    {
        context.Response.StatusCode = status;
        context.Response.ForbidStoring();
        return context.Response.WriteAsJsonAsync(body, context.RequestAborted);
    }

    /// <summary>An error of RFC 6749 5.2. A client that failed with the Authorization header is told the scheme, as HTTP demands.</summary>
    public static Task WriteErrorAsync(this HttpContext context, RequestError error)
    {
        var status = StatusCodes.Status400BadRequest;
        if (error.Code == Errors.InvalidClient)
        {
            status = StatusCodes.Status401Unauthorized;
            context.Response.Headers.WWWAuthenticate = "Basic realm=\"token\"";
        }

        return context.WriteJsonAsync(
            new Dictionary<string, object>(StringComparer.Ordinal) { ["error"] = error.Code, ["error_description"] = error.Description }, status);
    }

    /// <summary>A refusal of RFC 6750 3.1.</summary>
    public static void ChallengeBearer(this HttpContext context, int status, string? error = null)
    {
        context.Response.StatusCode = status;
        context.Response.ForbidStoring();
        context.Response.Headers.WWWAuthenticate = error is null ? "Bearer" : new StringValues($"Bearer error=\"{error}\"");
    }
}
