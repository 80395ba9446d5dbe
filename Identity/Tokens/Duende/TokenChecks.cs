using System.Collections.Specialized;

namespace SecureShop.Identity.Tokens.Duende;

/// <summary>
/// Tokens that come back to the server itself, by the clock of the service. An access token's family must live, its person be there, and
/// at the userinfo endpoint its holder hold its key; IdentityServer knows of none but the person.
/// </summary>
internal sealed class TokenChecks(
    SigningKeys keys, IClientStore clients, IProfileService profile, Families families, IOptions<IssuerOptions> issuer, IHttpContextAccessor http, TimeProvider clock)
    : ITokenValidator
{
    private static readonly JsonWebTokenHandler Handler = new() { MapInboundClaims = false };

    public async Task<TokenValidationResult> ValidateAccessTokenAsync(string token, string? expectedScope = null)
    {
        if (await ReadAsync(token, "at+jwt", audience: null, validateLifetime: true) is not { } claims || await clients.FindClientByIdAsync(Find(claims, "client_id") ?? "") is not { } client)
            return Invalid("invalid_token");
        var active = new IsActiveContext(new(new ClaimsIdentity(claims, "token")), client, nameof(TokenChecks));
        await profile.IsActiveAsync(active);
        if (!active.IsActive || (Find(claims, Families.Claim) is { } family && !await families.LivesAsync(family)) || !UserInfo.HoldsKey(http.HttpContext, Find(claims, "cnf")))
            return Invalid("invalid_token");
        claims.Add(new("token_type", Find(claims, "cnf") is null ? "Bearer" : "DPoP"));
        return expectedScope is null || claims.Exists(claim => claim.Type == "scope" && claim.Value == expectedScope)
            ? new() { IsError = false, Claims = claims, Client = client, Jwt = token } : Invalid("insufficient_scope");
    }

    public async Task<TokenValidationResult> ValidateIdentityTokenAsync(string token, string? clientId = null, bool validateLifetime = true)
    {
        var audience = clientId ?? (Handler.CanReadToken(token) ? Handler.ReadJsonWebToken(token).Audiences.FirstOrDefault() : null) ?? "";
        return await ReadAsync(token, "JWT", audience, validateLifetime) is { } claims && await clients.FindClientByIdAsync(audience) is { } client
            ? new() { IsError = false, Claims = claims, Client = client, Jwt = token } : Invalid("invalid_token");
    }

    private async Task<List<Claim>?> ReadAsync(string token, string type, string? audience, bool validateLifetime)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        var result = await Handler.ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidIssuer = issuer.Value.Issuer,
            ValidTypes = [type],
            ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256],
            IssuerSigningKeys = keys.Ring,
            ValidateAudience = audience is not null,
            ValidAudience = audience,
            ValidateLifetime = validateLifetime,
            LifetimeValidator = (begins, ends, _, _) => !validateLifetime || (ends > now && begins <= now + AssertionRules.Skew),
        });
        return result.IsValid ? [.. result.ClaimsIdentity.Claims.SelectMany(Split)] : null;
    }

    private static IEnumerable<Claim> Split(Claim claim)
        => claim.Type == "scope" ? claim.Value.Split(' ').Select(scope => new Claim("scope", scope)) : [claim];

    private static string? Find(List<Claim> claims, string type) => claims.Find(claim => claim.Type == type)?.Value;

    private static TokenValidationResult Invalid(string error) => new() { IsError = true, Error = error };
}

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

/// <summary>
/// The userinfo endpoint is an API as well: a token that is bound to a key is good for who proves that they hold it (RFC 9449, 7.1).
/// IdentityServer takes any token there as a bearer's, and leaves no event when it refuses one.
/// </summary>
internal static class UserInfo
{
    private const string Scheme = "DPoP ";
    private static readonly object Key = new();

    public static void UseUserInfo(this IApplicationBuilder app)
    {
        var address = app.ApplicationServices.GetRequiredService<IOptions<IssuerOptions>>().Value.Issuer + Paths.UserInfo;
        app.UseWhen(IsAsked, branch => branch.Use(async (context, next) =>
        {
            if (await ProveAsync(context, address))
                await next(context);
            Report(context);
        }));
    }

    /// <summary>Downgrade: whether a token that is bound to a key by <paramref name="confirmation"/>, or to none, came as such.</summary>
    public static bool HoldsKey(HttpContext? context, string? confirmation)
        => context is null || !IsAsked(context) || DpopValidator.Confirmation(context.Items[Key] as string) == confirmation;

    private static bool IsAsked(HttpContext context) => context.Request.Path.StartsWithSegments(Paths.UserInfo, StringComparison.OrdinalIgnoreCase);

    private static async Task<bool> ProveAsync(HttpContext context, string address)
    {
        if (context.Request.Headers.Authorization is not [{ } credential] || !credential.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            return true;
        var token = credential[Scheme.Length..].Trim();
        var check = await context.RequestServices.GetRequiredService<DpopProofs>()
            .CheckAsync(context.Request, address, token, needsNonce: true, context.RequestAborted);
        if (check.Thumbprint is { } thumbprint)
        {
            context.Items[Key] = thumbprint;
            context.Request.Headers.Authorization = "Bearer " + token;
            return true;
        }

        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        context.Response.Headers.WWWAuthenticate = $"DPoP error=\"{check.Error}\", error_description=\"{check.Description}\", algs=\"ES256\"";
        if (check.Nonce is not null)
            context.Response.Headers["DPoP-Nonce"] = check.Nonce;
        return false;
    }

    private static void Report(HttpContext context)
    {
        if (context.Response.StatusCode == StatusCodes.Status403Forbidden)
            TokenRefusals.Leave(context, "insufficient_scope");
        else if (context.Response.StatusCode == StatusCodes.Status401Unauthorized)
            TokenRefusals.Leave(context, context.Request.Headers.Authorization.Count > 0 ? "invalid_token" : "missing_token");
    }
}
