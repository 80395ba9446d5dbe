using Duende.IdentityServer.Endpoints.Results;
using Duende.IdentityServer.Hosting;
using Microsoft.AspNetCore.WebUtilities;

namespace SecureShop.Identity.Tokens.Duende;

/// <summary>Sends people to our pages by a path: a host name would be the issuer's, wherever the browser is.</summary>
internal sealed class PageRedirects : IHttpResponseWriter<AuthorizeInteractionPageResult>
{
    public Task WriteHttpResponse(AuthorizeInteractionPageResult result, HttpContext context)
    {
        context.Response.Redirect(QueryHelpers.AddQueryString(result.RedirectUrl, result.ReturnUrlParameterName, Demands.AddressOf(result.Request)));
        return Task.CompletedTask;
    }
}
