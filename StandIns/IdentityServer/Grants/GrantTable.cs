using System.Collections.Specialized;
using SecureShop.StandIns.IdentityServer.Configuration;
using SecureShop.StandIns.IdentityServer.Endpoints;
using SecureShop.StandIns.IdentityServer.Models;
using SecureShop.StandIns.IdentityServer.Services;
using SecureShop.StandIns.IdentityServer.Validation;

namespace SecureShop.StandIns.IdentityServer.Grants;

/// <summary>Leads a token request of a proven client to its grant. There is no password grant to lead to.</summary>
internal sealed class GrantTable(
    CodeGrant code, RefreshGrant refresh, ClientCredentialsGrant clientCredentials, ExtensionGrants extensions, IIssuerNameService issuer,
    IdentityServerOptions options)
{
    public async Task<TokenAnswer> AnswerAsync(Client client, ParsedSecret secret, NameValueCollection parameters)
    {
        if (parameters.Value("grant_type") is not { } type || type.Length > options.InputLengthRestrictions.GrantType)
            return TokenAnswer.Refuse(Errors.InvalidRequest, "The grant_type is missing or too long.");

        var request = new ValidatedTokenRequest { Raw = parameters, GrantType = type, IssuerName = await issuer.GetCurrentAsync(), Options = options };
        request.SetClient(client, secret);
        return type switch
        {
            GrantType.AuthorizationCode when client.AllowedGrantTypes.Contains(type) => await code.AnswerAsync(request),
            GrantType.RefreshToken when client.AllowOfflineAccess => await refresh.AnswerAsync(request),
            GrantType.ClientCredentials when client.AllowedGrantTypes.Contains(type) => await clientCredentials.AnswerAsync(request),
            GrantType.AuthorizationCode or GrantType.RefreshToken or GrantType.ClientCredentials =>
                TokenAnswer.Refuse(Errors.UnauthorizedClient, "The client may not use this grant."),
            _ => await extensions.AnswerAsync(request),
        };
    }
}
