using Duende.IdentityServer.Endpoints.Results;
using Duende.IdentityServer.Hosting;
using Duende.IdentityServer.ResponseHandling;

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

/// <summary>Sends people to our pages by a path: a host name would be the issuer's, wherever the browser is.</summary>
internal sealed class PageRedirects : IHttpResponseWriter<AuthorizeInteractionPageResult>
{
    public Task WriteHttpResponse(AuthorizeInteractionPageResult result, HttpContext context)
    {
        context.Response.Redirect(QueryHelpers.AddQueryString(result.RedirectUrl, result.ReturnUrlParameterName, Demands.AddressOf(result.Request)));
        return Task.CompletedTask;
    }
}

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
