using Duende.IdentityServer.Stores.Serialization;

namespace SecureShop.Identity.Tokens.Duende;

/// <summary>
/// The last word on a request for tokens that is right otherwise: scopes that the person cannot grant are left out, and what is good for
/// one use is taken out of use. Here and not sooner, so that a request that is refused costs nobody their token.
/// </summary>
internal sealed class TokenRequests(Subjects subjects, IRefreshTokenStore refreshTokens, Families families, IOptions<IssuerOptions> issuer, TimeProvider clock)
    : ICustomTokenRequestValidator
{
    public async Task ValidateAsync(CustomTokenRequestValidationContext context)
    {
        // Of a device IdentityServer keeps the person elsewhere: its tokens would be nobody's here.
        var request = context.Result!.ValidatedRequest;
        request.Subject ??= request.DeviceCode?.Subject;
        if ((await NarrowAsync(request) ?? await TakeAsync(request)) is { } error)
            context.Result = new(request, error);
        else
            Describe(request);
    }

    private async Task<string?> NarrowAsync(ValidatedTokenRequest request)
    {
        // A client's own name grants what it is registered for.
        if (request.Subject is not { } principal)
            return null;

        // Who has signed out gives nothing to who still holds a code; a refresh token is for afterwards.
        if (await subjects.FindAsync(principal) is not { } subject
            || (Families.Of(request) is { } family && !await families.LivesAsync(family, withSession: request.RefreshToken is null)))
            return "invalid_grant";

        // Fewer than were granted may be asked for (RFC 6749, 6), more never.
        var scopes = request.ValidatedResources.RawScopeValues.ToList();
        if (request.RefreshToken is not null && request.Raw["scope"] is { Length: > 0 } wanted)
        {
            var fewer = wanted.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (fewer.Except(scopes, StringComparer.Ordinal).Any())
                return "invalid_scope";
            scopes = [.. fewer];
        }

        // RFC 8707, 2.1: what was authorized for some APIs is for no others.
        if ((request.AuthorizationCode?.RequestedResourceIndicators ?? request.RefreshToken?.AuthorizedResourceIndicators)?.ToList() is { Count: > 0 } resources)
            scopes.RemoveAll(scope => ShopScopes.Find(scope)?.Api is { } api && !resources.Select(ShopScopes.ApiOf).Contains(api, StringComparer.Ordinal));
        request.ValidatedResources = request.ValidatedResources.Filter(ShopScopes.GrantableBy(subject.Roles, scopes));
        return request.ValidatedResources.Succeeded ? null : "invalid_scope";
    }

    // Codes were taken out of use already. Of copies that race, one has it, and the other or that one stole it.
    private async Task<string?> TakeAsync(ValidatedTokenRequest request)
    {
        if (request.RefreshToken is { } token && RefreshTokens.Rotates(request.Client, token.ProofType))
        {
            token.ConsumedTime = clock.GetUtcNow().UtcDateTime;
            await refreshTokens.UpdateRefreshTokenAsync(request.RefreshTokenHandle!, token);
        }

        return families.IsReused ? "invalid_grant" : null;
    }

    // What an access token says beside the person's claims: its family, or a client in its own name (RFC 9068, 2.2). Its audience are
    // APIs by their own names, though clients call them by a URI (RFC 8707), or this server, whose userinfo endpoint takes it.
    private void Describe(ValidatedTokenRequest request)
    {
        if (request.Subject is null)
            request.ClientClaims.Add(new(ShopClaims.Subject, request.Client.ClientId));
        else if (Families.Of(request) is { } family)
            request.ClientClaims.Add(new(Families.Claim, family));
        var granted = request.ValidatedResources.Resources;
        var apis = granted.ApiResources.Select(api => ShopScopes.ApiOf(api.Name)).OfType<string>().DefaultIfEmpty(issuer.Value.Issuer);
        granted.ApiResources = [.. apis.Select(api => new ApiResource(api, [ShopClaims.Role]))];
    }
}

/// <summary>
/// Refresh tokens that only their holder can use, because a key is needed too, stay as they are (FAPI 2.0, 5.3.2.1): an answer that gets
/// lost logs nobody out. Others change with each use, and one that comes a second time ends its family.
/// </summary>
internal sealed class RefreshTokens(
    IRefreshTokenStore store, IProfileService profile, IClock clock, PersistentGrantOptions options, ILogger<DefaultRefreshTokenService> logger, IHttpContextAccessor http)
    : DefaultRefreshTokenService(store, profile, clock, options, logger)
{
    /// <summary>Whether a token with that proof is good for one use.</summary>
    public static bool Rotates(Client client, ProofType? proof) => client.RefreshTokenUsage == TokenUsage.OneTimeOnly && proof is not ProofType.DPoP;

    // One that is bound to a key is no grant without its proof; IdentityServer calls that a malformed request.
    public override async Task<TokenValidationResult> ValidateRefreshTokenAsync(string tokenHandle, Client client)
    {
        var result = await base.ValidateRefreshTokenAsync(tokenHandle, client);
        return result.RefreshToken?.ProofType is not ProofType.DPoP || http.HttpContext!.Request.Headers["DPoP"].Count > 0
            ? result : new() { IsError = true, Error = "invalid_grant" };
    }

    public override Task<string> CreateRefreshTokenAsync(RefreshTokenCreationRequest request)
    {
        // None named are all of them, not none.
        if (request.AuthorizedResourceIndicators?.Any() != true)
            request.AuthorizedResourceIndicators = null;

        // What stays as it is cannot live longer for being used.
        var (client, longest) = (request.Client, request.Client.AbsoluteRefreshTokenLifetime);
        if (!Rotates(client, request.ProofType))
            request.Client = new() { ClientId = client.ClientId, RefreshTokenExpiration = TokenExpiration.Absolute, AbsoluteRefreshTokenLifetime = longest };
        return base.CreateRefreshTokenAsync(request);
    }

    // The one that came was taken out of use when its request was accepted.
    public override Task<string> UpdateRefreshTokenAsync(RefreshTokenUpdateRequest request)
        => Rotates(request.Client, request.RefreshToken.ProofType) ? base.UpdateRefreshTokenAsync(request) : Task.FromResult(request.Handle);
}

/// <summary>Exchanges an API key for a token of its owner (RFC 6749, 4.5). Only the gateway is registered for this grant.</summary>
internal sealed class ApiKeyGrants(ApiKeyExchange exchange, IHttpContextAccessor http, TimeProvider clock) : IExtensionGrantValidator
{
    /// <summary>By this a key's token is told from a person's. No token says it: nobody has signed in.</summary>
    public const string Method = "api_key";

    public string GrantType => ApiKeyGrantType.Name;

    public async Task ValidateAsync(ExtensionGrantValidationContext context)
    {
        var request = context.Request;
        var wanted = request.Raw["scope"]?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
        if (await exchange.FindAsync(request.Raw[ApiKeyGrantType.Parameter] ?? "", wanted, http.HttpContext!.RequestAborted) is not { } grant)
        {
            context.Result = new(TokenRequestErrors.InvalidGrant);
            return;
        }

        request.ValidatedResources = request.ValidatedResources.Filter(grant.Scopes);
        context.Result = new(grant.Owner.Id, Method, clock.GetUtcNow().UtcDateTime);
    }
}
