using Duende.IdentityServer.Models;
using Duende.IdentityServer.Validation;
using SecureShop.Identity.ApiKeys;

namespace SecureShop.Identity.Tokens.Duende;

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
