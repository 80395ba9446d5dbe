using System.Collections.Specialized;
using Duende.IdentityServer.Models;
using Duende.IdentityServer.ResponseHandling;
using Duende.IdentityServer.Stores;
using Duende.IdentityServer.Validation;

namespace SecureShop.Identity.Tokens.Duende;

/// <summary>A client gives back a token (RFC 7009): with it goes all that stems from the same authorization, whatever kind of token it says it is.</summary>
internal sealed class Revocations(IRefreshTokenStore refreshTokens, ITokenValidator accessTokens, Families families)
    : ITokenRevocationRequestValidator, ITokenRevocationResponseGenerator
{
    public Task<TokenRevocationRequestValidationResult> ValidateRequestAsync(NameValueCollection parameters, Client client)
        => Task.FromResult(parameters["token"] is { Length: > 0 } token
            ? new TokenRevocationRequestValidationResult { IsError = false, Token = token, Client = client }
            : new() { IsError = true, Error = "invalid_request" });

    public async Task<TokenRevocationResponse> ProcessAsync(TokenRevocationRequestValidationResult validationResult)
    {
        var (token, client) = (validationResult.Token, validationResult.Client.ClientId);
        var family = token.Contains('.', StringComparison.Ordinal) ? await OfAccessTokenAsync(token, client) : await OfRefreshTokenAsync(token, client);
        await families.EndAsync(family);
        return new() { Success = family is not null };
    }

    // Another client's token is as good as none.
    private async Task<string?> OfRefreshTokenAsync(string token, string client)
        => await refreshTokens.GetRefreshTokenAsync(token) is { } found && found.ClientId == client ? found.Description : null;

    private async Task<string?> OfAccessTokenAsync(string token, string client)
        => await accessTokens.ValidateAccessTokenAsync(token) is { IsError: false, Claims: { } claims, Client: { } found } && found.ClientId == client
            ? claims.FirstOrDefault(claim => claim.Type == Families.Claim)?.Value : null;
}
