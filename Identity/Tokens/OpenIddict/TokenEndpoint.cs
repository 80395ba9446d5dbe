namespace SecureShop.Identity.Tokens.OpenIddict;

/// <summary>Says who a token that may be made is about. OpenIddict has checked the client, what it presents, and that it may have it.</summary>
internal static class TokenEndpoint
{
    public static async Task<IResult> AnswerAsync(HttpContext context, KnownClients clients, CancellationToken cancellationToken)
    {
        var request = context.Checked();
        var client = clients.Find(request.ClientId) ?? throw new InvalidOperationException("An unknown client has passed.");
        var resources = request.GetResources();
        if (request.IsClientCredentialsGrantType())
        {
            // RFC 6749, 3.3: who names no scope gets all of its own. RFC 9068 wants the client's id as the subject.
            var scopes = request.GetScopes();
            return Endpoints.SignIn(TokenPrincipals.For(client.Id, scopes.IsDefaultOrEmpty ? client.OwnScopes : scopes, resources));
        }

        // Only the others need the database, and what works with it.
        var services = context.RequestServices;
        if (request.GrantType == ApiKeyGrantType.Name)
        {
            var keys = services.GetRequiredService<ApiKeyExchange>();
            return await keys.FindAsync((string?)request[ApiKeyGrantType.Parameter] ?? "", request.GetScopes(), cancellationToken) is { } key
                ? Endpoints.SignIn(TokenPrincipals.For(key, resources))
                : Endpoints.Refuse(Errors.InvalidGrant);
        }

        // A code, a refresh token or a device: what was granted is in it, its person is read anew.
        var granted = (await context.AuthenticateAsync(Endpoints.Scheme)).Principal ?? throw new InvalidOperationException("A grant without content has passed.");
        if (resources.Select(ShopScopes.ApiOf).Except(granted.GetResources(), StringComparer.Ordinal).Any())
            return Endpoints.Refuse(Errors.InvalidTarget);

        // What begins with a session needs it: one may have run out since it granted the code. A refresh token is for the time after.
        if (!request.IsRefreshTokenGrantType()
            && !await services.GetRequiredService<ShopSessions>().LivesAsync(granted.GetClaim(ShopClaims.Session), cancellationToken))
            return Endpoints.Refuse(Errors.InvalidGrant);
        return await services.GetRequiredService<TokenPrincipals>().RenewAsync(granted) is { } principal
            ? Endpoints.SignIn(principal)
            : Endpoints.Refuse(Errors.InvalidGrant);
    }
}
