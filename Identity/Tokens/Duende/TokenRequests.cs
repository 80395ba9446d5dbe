using Duende.IdentityServer.Validation;

namespace SecureShop.Identity.Tokens.Duende;

/// <summary>
/// The last word on a request for tokens that is right otherwise: scopes that the person cannot grant are left out, and what is good for
/// one use is taken out of use. Here and not sooner, so that a request that is refused costs nobody their token.
/// </summary>
internal sealed class TokenRequests(Subjects subjects, RefreshTokenRows refreshTokens, DeviceGrants devices, Families families) : ICustomTokenRequestValidator
{
    public async Task ValidateAsync(CustomTokenRequestValidationContext context)
    {
        var request = context.Result!.ValidatedRequest;
        if ((await NarrowAsync(request) ?? await TakeAsync(request)) is { } error)
            context.Result = new(request, error);
    }

    private async Task<string?> NarrowAsync(ValidatedTokenRequest request)
    {
        // A client's own name grants what it is registered for.
        if (request.Subject is not { } principal)
            return null;
        if (await subjects.FindAsync(principal) is not { } subject)
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
            scopes.RemoveAll(scope => ShopScopes.Find(scope)?.Api is { } api && !resources.Contains(ShopScopes.ResourceOf(api), StringComparer.Ordinal));
        request.ValidatedResources = request.ValidatedResources.Filter(ShopScopes.GrantableBy(subject.Roles, scopes));
        return request.ValidatedResources.Succeeded ? null : "invalid_scope";
    }

    private async Task<string?> TakeAsync(ValidatedTokenRequest request)
    {
        if (request.AuthorizationCode is not null)
            return families.IsReused ? "invalid_grant" : null;
        if (request.DeviceCode is not null)
            return devices.Redeemed ? null : "invalid_grant";
        if (request.RefreshToken is not { } token || !RefreshTokens.Rotates(request.Client, token) || await refreshTokens.TryConsumeAsync(request.RefreshTokenHandle!))
            return null;

        // Two raced: one has it, and the other or that one stole it.
        await families.EndReusedAsync(token.Description);
        return "invalid_grant";
    }
}
