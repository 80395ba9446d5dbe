using Duende.IdentityServer.Validation;

namespace SecureShop.Identity.Tokens.Duende;

/// <summary>Introspection is for APIs (RFC 7662, 2.1): to a client, which for a public one is anybody, IdentityServer would answer as well.</summary>
internal sealed class Introspections(ITokenValidator tokens) : IIntrospectionRequestValidator
{
    public async Task<IntrospectionRequestValidationResult> ValidateAsync(IntrospectionRequestValidationContext context)
    {
        if (context.Api is null)
            return Refused(context, "unauthorized_client");
        if (context.Parameters["token"] is not { Length: > 0 } token)
            return Refused(context, "invalid_request");
        var result = await tokens.ValidateAccessTokenAsync(token);
        return new()
        {
            Parameters = context.Parameters,
            Api = context.Api,
            Token = token,
            IsError = false,
            IsActive = !result.IsError,
            Claims = result.IsError ? null : [.. result.Claims!, new Claim("token_type", result.Claims!.Any(claim => claim.Type == "cnf") ? "DPoP" : "Bearer")],
        };
    }

    private static IntrospectionRequestValidationResult Refused(IntrospectionRequestValidationContext context, string error)
        => new() { Parameters = context.Parameters, Api = context.Api, Client = context.Client, IsError = true, Error = error };
}
