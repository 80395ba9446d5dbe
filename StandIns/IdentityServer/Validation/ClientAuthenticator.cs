using System.Collections.Specialized;
using System.Net;
using System.Text;

namespace SecureShop.StandIns.IdentityServer.Validation;

/// <summary>
/// Proves a client: by one method only (RFC 6749 2.3), by the method it is registered for, with the same answer for an unknown
/// client and a wrong secret.
/// </summary>
internal sealed class ClientAuthenticator(ClientList clients, ClientAssertions assertions, SharedSecrets secrets, EventService events)
{
    private const string AssertionType = IdentityServerConstants.ParsedSecretTypes.JwtBearer;
    private static readonly RequestError Unknown = new(Errors.InvalidClient, "The client could not be authenticated.");

    public async Task<ClientAuthentication> AuthenticateAsync(HttpContext context, NameValueCollection parameters)
    {
        var presented = Find(context.Request, parameters, out var several);
        if (several)
            return await RefuseAsync(null, new(Errors.InvalidRequest, "The client used more than one way to authenticate."));
        if (presented is null)
            return await RefuseAsync(null);
        if (parameters.Value("client_id") is { } named && named != presented.Id)
            return await RefuseAsync(presented.Id);

        var client = clients.Find(presented.Id);
        if (client is null)
        {
            // The same work as for a known client, so that the time taken does not tell which exist.
            secrets.Matches([], presented.Credential);
            return await RefuseAsync(presented.Id);
        }

        var proven = presented.Type switch
        {
            IdentityServerConstants.ParsedSecretTypes.NoSecret => !client.RequireClientSecret,
            IdentityServerConstants.ParsedSecretTypes.SharedSecret => client.RequireClientSecret && secrets.Matches(client.ClientSecrets, presented.Credential),
            _ => client.RequireClientSecret && await assertions.IsProofAsync(client, presented.Credential),
        };
        if (!proven)
            return await RefuseAsync(client.ClientId);

        return new ClientAuthentication(client, null);
    }

    private ParsedSecret? Find(HttpRequest request, NameValueCollection parameters, out bool several)
    {
        var header = request.Headers.Authorization.ToString();
        var basic = header.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase);
        var post = parameters.Value("client_secret") is not null;
        var assertion = parameters.Value("client_assertion") is not null || parameters.Value("client_assertion_type") is not null;
        several = (basic ? 1 : 0) + (post ? 1 : 0) + (assertion ? 1 : 0) > 1;

        if (basic)
            return FromHeader(header["Basic ".Length..].Trim());
        if (assertion)
            return FromAssertion(parameters);
        if (parameters.Value("client_id") is not { } id || id.Length > InputLimits.ClientId)
            return null;
        return post ? FromSecret(id, parameters["client_secret"]!) : new ParsedSecret(id, IdentityServerConstants.ParsedSecretTypes.NoSecret);
    }

    private ParsedSecret? FromHeader(string encoded)
    {
        var bytes = new byte[(InputLimits.ClientId + InputLimits.ClientSecret + 1) * 3];
        if (!Convert.TryFromBase64String(encoded, bytes, out var written))
            return null;
        var pair = Encoding.UTF8.GetString(bytes, 0, written);
        var colon = pair.IndexOf(':', StringComparison.Ordinal);

        // Both halves are form-encoded before they are put together (RFC 6749 2.3.1).
        return colon > 0 ? FromSecret(WebUtility.UrlDecode(pair[..colon]), WebUtility.UrlDecode(pair[(colon + 1)..])) : null;
    }

    private ParsedSecret? FromSecret(string id, string secret) =>
        id.Length <= InputLimits.ClientId && secret.Length > 0 && secret.Length <= InputLimits.ClientSecret
            ? new ParsedSecret(id, IdentityServerConstants.ParsedSecretTypes.SharedSecret, secret)
            : null;

    private ParsedSecret? FromAssertion(NameValueCollection parameters)
    {
        var assertion = parameters.Value("client_assertion");
        if (parameters["client_assertion_type"] != AssertionType || assertion is null || assertion.Length > InputLimits.Jwt)
            return null;
        var id = ClientAssertions.ReadClientId(assertion);
        return id is null || id.Length > InputLimits.ClientId
            ? null
            : new ParsedSecret(id, AssertionType, assertion);
    }

    private async Task<ClientAuthentication> RefuseAsync(string? clientId, RequestError? error = null)
    {
        await events.RaiseAsync(new ClientAuthenticationFailureEvent { ClientId = clientId ?? string.Empty });
        return new ClientAuthentication(null, error ?? Unknown);
    }
}

/// <summary>The client, or an error.</summary>
internal sealed record ClientAuthentication(Client? Client, RequestError? Error);

/// <summary>The credential that a client presented; its type is one of <see cref="IdentityServerConstants.ParsedSecretTypes"/>.</summary>
internal sealed record ParsedSecret(string Id, string Type, string Credential = "");
