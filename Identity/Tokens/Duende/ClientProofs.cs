using Duende.IdentityServer.Models;
using Duende.IdentityServer.Validation;

namespace SecureShop.Identity.Tokens.Duende;

/// <summary>
/// What IdentityServer leaves open of the requests that clients make themselves: each parameter once, one way to prove who they are, and
/// of grants and proofs the errors of the standards.
/// </summary>
internal sealed class ClientProofs(ClientSecretValidator inner, KnownClients clients) : IClientSecretValidator
{
    public async Task<ClientSecretValidationResult> ValidateAsync(HttpContext context)
    {
        var form = context.Request.HasFormContentType ? await context.Request.ReadFormAsync(context.RequestAborted) : FormCollection.Empty;

        // Of two values, one reader takes the first and another the last; of two proofs, the one that is wrong would count for nothing.
        if (form.Any(field => field.Key != "resource" && field.Value.Count > 1)
            || (context.Request.Headers.Authorization.Count > 0 ? 1 : 0) + (form.ContainsKey("client_secret") ? 1 : 0) + (form.ContainsKey("client_assertion") ? 1 : 0) > 1)
            return Refused("invalid_request");
        var result = await inner.ValidateAsync(context);
        if (result.IsError || (form["client_id"] is [{ } named] && named != result.Client!.ClientId) || (!result.Client!.RequireClientSecret && IsTried(context, form)))
            return RefusedClient(context);
        return context.Request.Path == Paths.Token && Fault(form, result.Client, context.Request) is { } fault ? Refused(fault) : result;
    }

    // A client that has none and brings one is not that client.
    private static bool IsTried(HttpContext context, IFormCollection form)
        => context.Request.Headers.Authorization.Count > 0 || form.ContainsKey("client_secret") || form.ContainsKey("client_assertion");

    private string? Fault(IFormCollection form, Client client, HttpRequest request)
    {
        var grant = form["grant_type"].ToString();
        if (grant.Length == 0 || (grant == "authorization_code" && !form.ContainsKey("redirect_uri")))
            return "invalid_request";
        if (!Metadata.Grants.Contains(grant, StringComparer.Ordinal))
            return "unsupported_grant_type";
        if (grant == ApiKeyGrantType.Name && !client.AllowedGrantTypes.Contains(grant))
            return "unauthorized_client";

        // FAPI 2.0, 5.3.2.1: to these clients no token that anybody could use.
        return clients.Find(client.ClientId) is { IsFapi: true } && request.Headers["DPoP"].Count == 0 ? "invalid_dpop_proof" : null;
    }

    private static ClientSecretValidationResult RefusedClient(HttpContext context)
    {
        // RFC 6749, 5.2: who tries the header is told that it is not good. Introspection says so without an error of OAuth.
        context.Response.OnStarting(() =>
        {
            if (context.Response.StatusCode == StatusCodes.Status400BadRequest)
                context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            context.Response.Headers.WWWAuthenticate = "Basic realm=\"SecureShop\"";
            return Task.CompletedTask;
        });
        return Refused("invalid_client");
    }

    private static ClientSecretValidationResult Refused(string error) => new() { IsError = true, Error = error };
}
