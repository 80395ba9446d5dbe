using System.Collections.Specialized;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using SecureShop.StandIns.IdentityServer.Configuration;
using SecureShop.StandIns.IdentityServer.Endpoints;
using SecureShop.StandIns.IdentityServer.Events;
using SecureShop.StandIns.IdentityServer.Models;
using SecureShop.StandIns.IdentityServer.Services;
using SecureShop.StandIns.IdentityServer.Stores;

namespace SecureShop.StandIns.IdentityServer.Validation;

/// <summary>
/// Proves a client: by one method only (RFC 6749 2.3), by the method it is registered for, with the same answer for an unknown
/// client and a wrong secret.
/// </summary>
internal sealed class ClientAuthenticator(
    IClientStore clients, ClientAssertions assertions, SharedSecrets secrets, IEventService events, IdentityServerOptions options,
    IOptions<ClientAuthenticationMethods> methods)
{
    private const string AssertionType = IdentityServerConstants.ParsedSecretTypes.JwtBearer;
    private static readonly RequestError Unknown = new(Errors.InvalidClient, "The client could not be authenticated.");

    public async Task<ClientAuthentication> AuthenticateAsync(HttpContext context, NameValueCollection parameters)
    {
        var presented = Find(context.Request, parameters, out var several);
        if (several)
            return await RefuseAsync(null, "The client used more than one way to authenticate.", new(Errors.InvalidRequest, "The client used more than one way to authenticate."));
        if (presented is null)
            return await RefuseAsync(null, "The client did not identify itself.");
        if (parameters.Value("client_id") is { } named && named != presented.Id)
            return await RefuseAsync(presented.Id, "The client_id differs from the credential's.");

        var client = await clients.FindEnabledClientByIdAsync(presented.Id);
        if (client is null)
        {
            // The same work as for a known client, so that the time taken does not tell which exist.
            secrets.Matches([], presented);
            return await RefuseAsync(presented.Id, "The client is unknown.");
        }

        var proven = presented.Type switch
        {
            IdentityServerConstants.ParsedSecretTypes.NoSecret => !client.RequireClientSecret,
            IdentityServerConstants.ParsedSecretTypes.SharedSecret => client.RequireClientSecret && secrets.Matches(client.ClientSecrets, presented),
            _ => client.RequireClientSecret && await assertions.IsProofAsync(client, (string)presented.Credential!),
        };
        if (!proven)
            return await RefuseAsync(client.ClientId, "The client's credential is not good.");

        await events.RaiseAsync(new ClientAuthenticationSuccessEvent(client.ClientId, presented.Type));
        return new ClientAuthentication(client, presented, null);
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
        if (parameters.Value("client_id") is not { } id || id.Length > options.InputLengthRestrictions.ClientId)
            return null;
        return post ? FromSecret(id, parameters["client_secret"]!) : new ParsedSecret { Id = id, Type = IdentityServerConstants.ParsedSecretTypes.NoSecret };
    }

    private ParsedSecret? FromHeader(string encoded)
    {
        var limits = options.InputLengthRestrictions;
        var bytes = new byte[(limits.ClientId + limits.ClientSecret + 1) * 3];
        if (!Convert.TryFromBase64String(encoded, bytes, out var written))
            return null;
        var pair = Encoding.UTF8.GetString(bytes, 0, written);
        var colon = pair.IndexOf(':', StringComparison.Ordinal);

        // Both halves are form-encoded before they are put together (RFC 6749 2.3.1).
        return colon > 0 ? FromSecret(WebUtility.UrlDecode(pair[..colon]), WebUtility.UrlDecode(pair[(colon + 1)..])) : null;
    }

    private ParsedSecret? FromSecret(string id, string secret) =>
        id.Length <= options.InputLengthRestrictions.ClientId && secret.Length > 0 && secret.Length <= options.InputLengthRestrictions.ClientSecret
            ? new ParsedSecret { Id = id, Type = IdentityServerConstants.ParsedSecretTypes.SharedSecret, Credential = secret }
            : null;

    private ParsedSecret? FromAssertion(NameValueCollection parameters)
    {
        var assertion = parameters.Value("client_assertion");
        if (!methods.Value.PrivateKeyJwt || parameters["client_assertion_type"] != AssertionType
            || assertion is null || assertion.Length > options.InputLengthRestrictions.Jwt)
            return null;
        var id = ClientAssertions.ReadClientId(assertion);
        return id is null || id.Length > options.InputLengthRestrictions.ClientId
            ? null
            : new ParsedSecret { Id = id, Type = AssertionType, Credential = assertion };
    }

    private async Task<ClientAuthentication> RefuseAsync(string? clientId, string reason, RequestError? error = null)
    {
        await events.RaiseAsync(new ClientAuthenticationFailureEvent(clientId ?? string.Empty, reason));
        return new ClientAuthentication(null, null, error ?? Unknown);
    }
}

/// <summary>The client and its credential, or an error.</summary>
internal sealed record ClientAuthentication(Client? Client, ParsedSecret? Secret, RequestError? Error);
