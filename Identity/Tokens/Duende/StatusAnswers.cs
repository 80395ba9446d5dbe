using Duende.IdentityServer.Endpoints.Results;
using Duende.IdentityServer.Hosting;

namespace SecureShop.Identity.Tokens.Duende;

/// <summary>Says who was refused at the introspection endpoint why, in the words of OAuth (RFC 7662, 2.3).</summary>
internal sealed class StatusAnswers : IHttpResponseWriter<StatusCodeResult>
{
    public Task WriteHttpResponse(StatusCodeResult result, HttpContext context)
    {
        context.Response.StatusCode = result.StatusCode;
        return result.StatusCode == StatusCodes.Status401Unauthorized
            ? context.Response.WriteAsJsonAsync(new Dictionary<string, string>(StringComparer.Ordinal) { ["error"] = "invalid_client" }, context.RequestAborted)
            : Task.CompletedTask;
    }
}
