using System.Collections.Specialized;

namespace SecureShop.StandIns.IdentityServer.Grants;

/// <summary>Leads a token request of a proven client to its grant. There is no password grant to lead to.</summary>
internal sealed class GrantTable(CodeGrant code, RefreshGrant refresh, ClientCredentialsGrant clientCredentials)
{
    public async Task<TokenAnswer> AnswerAsync(Client client, NameValueCollection parameters)
    {
        if (parameters.Value("grant_type") is not { } type || type.Length > InputLimits.GrantType)
            return TokenAnswer.Refuse(Errors.InvalidRequest, "The grant_type is missing or too long.");

        var request = new ValidatedRequest { Raw = parameters, Client = client };
        return type switch
        {
            GrantType.AuthorizationCode when client.AllowedGrantTypes.Contains(type) => await code.AnswerAsync(request),
            GrantType.RefreshToken when client.AllowOfflineAccess => await refresh.AnswerAsync(request),
            GrantType.ClientCredentials when client.AllowedGrantTypes.Contains(type) => await clientCredentials.AnswerAsync(request),
            GrantType.AuthorizationCode or GrantType.RefreshToken or GrantType.ClientCredentials =>
                TokenAnswer.Refuse(Errors.UnauthorizedClient, "The client may not use this grant."),
            _ => TokenAnswer.Refuse(Errors.UnsupportedGrantType, "The grant is not served."),
        };
    }
}
