using Microsoft.IdentityModel.JsonWebTokens;
using SecureShop.StandIns.IdentityServer.Tokens;

namespace SecureShop.StandIns.IdentityServer.Endpoints;

/// <summary>Tells a client about the user of its access token (OpenID Connect Core 5.3).</summary>
internal sealed class UserInfoEndpoint(
    TokenReader tokens, ClientList clients, ScopeValidator scopes, UserClaims claims, IProfileService profile) : IProtocolEndpoint
{
    public async Task HandleAsync(HttpContext context)
    {
        var (presented, ambiguous) = await FindTokenAsync(context.Request);
        if (ambiguous)
        {
            context.ChallengeBearer(StatusCodes.Status400BadRequest, Errors.InvalidRequest);
            return;
        }

        if (presented is null)
        {
            context.ChallengeBearer(StatusCodes.Status401Unauthorized);
            return;
        }

        if (await tokens.ReadAccessTokenAsync(presented) is not { } token || await ValidateAsync(token) is not { } request)
        {
            context.ChallengeBearer(StatusCodes.Status401Unauthorized, Errors.InvalidToken);
            return;
        }

        if (!request.Scopes.Has(IdentityServerConstants.StandardScopes.OpenId))
        {
            context.ChallengeBearer(StatusCodes.Status403Forbidden, Errors.InsufficientScope);
            return;
        }

        var members = new Dictionary<string, object>(StringComparer.Ordinal) { [ClaimNames.Subject] = token.Subject };
        context.Response.ForbidStoring();
        context.Response.ContentType = "application/json; charset=utf-8";
        await context.Response.WriteAsync(JwtPayload.Write(members, await claims.ForUserInfoAsync(request)), context.RequestAborted);
    }

    private async Task<ValidatedRequest?> ValidateAsync(JsonWebToken token)
    {
        if (!token.TryGetPayloadValue<string>(ClaimNames.ClientId, out var clientId) || string.IsNullOrEmpty(token.Subject))
            return null;
        if (clients.Find(clientId) is not { } client)
            return null;

        var granted = token.Claims.Where(claim => claim.Type == ClaimNames.Scope).SelectMany(claim => ScopeValidator.Parse(claim.Value)).ToList();
        var user = new ClaimsPrincipal(new ClaimsIdentity(token.Claims, "access_token", ClaimNames.Name, ClaimNames.Role));
        var active = new IsActiveContext(user);
        await profile.IsActiveAsync(active);
        return active.IsActive ? new ValidatedRequest { Raw = [], Client = client, Scopes = scopes.Validate(client, granted), Subject = user } : null;
    }

    /// <summary>From the header or a form, never from the address, which logs and histories keep (RFC 9700 2.6).</summary>
    private static async Task<(string? Token, bool Ambiguous)> FindTokenAsync(HttpRequest request)
    {
        const string Scheme = "Bearer ";
        var header = request.Headers.Authorization.ToString();
        var fromHeader = header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? header[Scheme.Length..].Trim() : null;
        var form = HttpMethods.IsPost(request.Method) && request.ContentLength > 0 ? await Parameters.FromFormAsync(request) : null;
        var fromForm = form?.GetValues("access_token");
        return (fromHeader ?? fromForm?[0], fromForm?.Length > 1 || (fromHeader is not null && fromForm is not null));
    }
}
