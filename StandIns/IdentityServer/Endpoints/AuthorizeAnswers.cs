using System.Collections.Specialized;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.WebUtilities;
using SecureShop.StandIns.IdentityServer.Sessions;

namespace SecureShop.StandIns.IdentityServer.Endpoints;

/// <summary>Sends the browser back to the client, or to the local error page.</summary>
internal sealed class AuthorizeAnswers(SealedMessages messages, IdentityServerOptions options)
{
    public async Task SendAsync(HttpContext context, ValidatedAuthorizeRequest request, NameValueCollection answer)
    {
        if (request.State is not null)
            answer["state"] = request.State;

        // Tells a client of several servers which one answered: stops mix-up attacks (RFC 9207).
        answer[ClaimNames.Issuer] = options.IssuerUri;

        // The code must not travel on in the Referer header.
        context.Response.Headers["Referrer-Policy"] = "no-referrer";
        if (request.ResponseMode == "form_post")
            await SendFormAsync(context, request.RedirectUri, answer);
        else
            context.Response.Redirect(QueryHelpers.AddQueryString(request.RedirectUri, Parameters.Pairs(answer)));
    }

    public void ShowError(HttpContext context, RequestError error) => context.Response.Redirect(QueryHelpers.AddQueryString(
        options.UserInteraction.ErrorUrl, "errorId", messages.Seal(new ErrorMessage(error.Code, error.Description))));

    /// <summary>A page that posts itself. Every value is encoded, and only this one script may run.</summary>
    private static Task SendFormAsync(HttpContext context, string action, NameValueCollection answer)
    {
        var nonce = Convert.ToBase64String(RandomNumberGenerator.GetBytes(16));
        var html = HtmlEncoder.Default;
        var page = new StringBuilder("<!DOCTYPE html><html><head><meta charset=\"utf-8\"><title>Signing in</title></head><body><form method=\"post\" action=\"")
            .Append(html.Encode(action)).Append("\">");
        foreach (var (name, value) in Parameters.Pairs(answer))
            page.Append("<input type=\"hidden\" name=\"").Append(html.Encode(name)).Append("\" value=\"").Append(html.Encode(value ?? string.Empty)).Append("\">");
        page.Append("<noscript><button>Continue</button></noscript></form><script nonce=\"").Append(html.Encode(nonce))
            .Append("\">document.forms[0].submit()</script></body></html>");

        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.Headers.ContentSecurityPolicy = $"default-src 'none'; script-src 'nonce-{nonce}'; frame-ancestors 'none'; base-uri 'none'";
        return context.Response.WriteAsync(page.ToString(), context.RequestAborted);
    }
}
