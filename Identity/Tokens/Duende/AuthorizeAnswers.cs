using Duende.IdentityServer.Endpoints.Results;
using Duende.IdentityServer.Hosting;
using Duende.IdentityServer.ResponseHandling;
using Microsoft.AspNetCore.WebUtilities;

namespace SecureShop.Identity.Tokens.Duende;

/// <summary>
/// Tells the client of every refusal, as soon as its address is known to be its own (RFC 6749, 4.1.2.1), and by whom (RFC 9207);
/// IdentityServer tells most to the person. What cannot go back is told on our error page.
/// </summary>
internal sealed class AuthorizeAnswers(AuthorizeHttpWriter inner) : IHttpResponseWriter<AuthorizeResult>
{
    public Task WriteHttpResponse(AuthorizeResult result, HttpContext context)
    {
        var response = result.Response;

        // Nothing of ours reads it: there is no page to watch sessions by.
        response.SessionState = null;
        if (!response.IsError)
            return inner.WriteHttpResponse(result, context);
        if (response.Request?.RedirectUri is null)
        {
            context.Response.Redirect(QueryHelpers.AddQueryString(Paths.ErrorPage, "reason", response.Error));
            return Task.CompletedTask;
        }

        if (response.Request.ResponseMode != "form_post")
            response.Request.ResponseMode = "query";
        var parameters = new Dictionary<string, string>(StringComparer.Ordinal) { ["error"] = ErrorOf(response) };
        if (!string.IsNullOrEmpty(response.ErrorDescription))
            parameters["error_description"] = response.ErrorDescription;
        return inner.WriteHttpResponse(
            new(new AuthorizeResponse { Request = response.Request, Issuer = response.Request.IssuerName, CustomParameters = parameters }), context);
    }

    // No client gets anything but a code; of what is wrong otherwise, the type of the answer is none.
    private static string ErrorOf(AuthorizeResponse response) => response.Error switch
    {
        "unauthorized_client" when response.Request.ResponseType != "code" => "unsupported_response_type",
        "unsupported_response_type" when response.Request.ResponseType == "code" => "invalid_request",
        var error => error,
    };
}
