namespace SecureShop.Identity.Tokens.OpenIddict;

/// <summary>What an access token is good for.</summary>
internal static class AccessTokens
{
    public static void AddTo(OpenIddictServerBuilder server)
    {
        server.On<ProcessSignInContext>(PrepareUserCodePrincipal.Descriptor.Order + 100, Narrow);
        server.On<GenerateTokenContext>(Protection.AttachSecurityCredentials.Descriptor.After, WriteNoRow);
    }

    // No more than this request asks for (RFC 6749, 6; RFC 8707) and its person's roles use. The refresh token beside it keeps what was granted.
    private static void Narrow(ProcessSignInContext context)
    {
        if (context.AccessTokenPrincipal is not { } token)
            return;
        var (granted, request) = (token.GetScopes(), context.Request);
        IReadOnlyList<string> scopes = granted;
        if (request.IsRefreshTokenGrantType() && request.GetScopes() is { IsDefaultOrEmpty: false } wanted)
            scopes = granted.RemoveAll(scope => !wanted.Contains(scope, StringComparer.Ordinal));
        if (context.Principal!.GetClaim(Claims.Email) is not null)
            scopes = ShopScopes.GrantableBy(token.GetClaims(Claims.Role), scopes);

        var named = context.EndpointType == OpenIddictServerEndpointType.Token ? request.GetResources() : [];
        IEnumerable<string?> apis = named.IsDefaultOrEmpty ? context.Principal!.GetResources() : named.Select(ShopScopes.ApiOf);
        var audiences = ShopScopes.ApisOf(scopes).Where(api => apis.Contains(api, StringComparer.Ordinal)).ToList();
        if (ShopScopes.For(audiences, scopes) is { } left && left.Count < granted.Length)
            token.SetScopes(left);

        // RFC 9068, 3: a token for no API is for this server, whose userinfo endpoint takes it.
        token.SetAudiences(audiences.Count > 0 ? audiences : [context.Options.Issuer!.AbsoluteUri]);
    }

    // One that stems from a person's grant ends with its family, whose row says so; a service's own ends by itself after minutes. A row of
    // its own would be a write for nothing.
    private static void WriteNoRow(GenerateTokenContext context)
    {
        if (context.TokenType is TokenTypeIdentifiers.IdentityToken or TokenTypeIdentifiers.AccessToken or TokenTypeIdentifiers.RefreshToken)
            context.CreateTokenEntry = false;
    }
}
