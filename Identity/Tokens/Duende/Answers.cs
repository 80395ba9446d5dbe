using Duende.IdentityServer.Configuration;
using Duende.IdentityServer.Endpoints.Results;
using Duende.IdentityServer.Hosting;

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

/// <summary>The server's description of itself (OpenID Connect Discovery, RFC 8414): what it does for its clients, and not all that the product could do.</summary>
internal sealed class Metadata(
    IdentityServerOptions options, IResourceStore resources, IKeyMaterialService keys, ExtensionGrantValidator extensionGrants,
    ISecretsListParser secretParsers, IResourceOwnerPasswordValidator passwords, ILogger<DiscoveryResponseGenerator> logger)
    : DiscoveryResponseGenerator(options, resources, keys, extensionGrants, secretParsers, passwords, logger)
{
    public static IReadOnlyList<string> Grants { get; } = [.. Registered.Grants.Values, "refresh_token"];

    public override async Task<Dictionary<string, object>> CreateDiscoveryDocumentAsync(string baseUrl, string issuerUri)
    {
        var entries = await base.CreateDiscoveryDocumentAsync(baseUrl, issuerUri);
        foreach (var unused in (string[])["userinfo_signing_alg_values_supported", "frontchannel_logout_supported", "frontchannel_logout_session_supported"])
            entries.Remove(unused);
        entries["grant_types_supported"] = Grants;
        entries["response_types_supported"] = new[] { "code" };
        entries["response_modes_supported"] = new[] { "query", "form_post" };
        entries["code_challenge_methods_supported"] = new[] { "S256" };
        entries["acr_values_supported"] = Acr.All;
        entries["request_parameter_supported"] = false;
        entries["request_uri_parameter_supported"] = false;
        entries["introspection_endpoint_auth_methods_supported"] = new[] { "private_key_jwt" };
        entries["claims_supported"] = ShopClaims.Described;
        return entries;
    }
}
