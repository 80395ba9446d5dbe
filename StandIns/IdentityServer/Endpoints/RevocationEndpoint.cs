namespace SecureShop.StandIns.IdentityServer.Endpoints;

/// <summary>
/// Takes refresh tokens back (RFC 7009). Access tokens are self-contained and die of age; asking for theirs is answered 200, as
/// the standard wants, and so is asking for somebody else's token, which tells a stranger nothing.
/// </summary>
internal sealed class RevocationEndpoint(ClientAuthenticator clients, GrantVault vault) : IProtocolEndpoint
{
    private const string Type = IdentityServerConstants.PersistedGrantTypes.RefreshToken;

    public async Task HandleAsync(HttpContext context)
    {
        if (await Parameters.FromFormAsync(context.Request) is not { } parameters || Parameters.FindRepeated(parameters) is not null)
        {
            await context.WriteErrorAsync(new(Errors.InvalidRequest, "The request is not a form with each parameter once."));
            return;
        }

        var authenticated = await clients.AuthenticateAsync(context, parameters);
        if (authenticated.Client is not { } client)
        {
            await context.WriteErrorAsync(authenticated.Error!);
            return;
        }

        if (parameters.Value("token") is not { } token)
        {
            await context.WriteErrorAsync(new(Errors.InvalidRequest, "The token is missing."));
            return;
        }

        if (parameters.Value("token_type_hint") is { } and not (Type or "access_token"))
        {
            await context.WriteErrorAsync(new(Errors.UnsupportedTokenType, "The kind of token is not known."));
            return;
        }

        if (token.Length <= InputLimits.RefreshToken && await vault.FindAsync(Type, token, client.ClientId) is { } grant)
            await vault.EndFamilyAsync(grant);

        context.Response.ForbidStoring();
    }
}
