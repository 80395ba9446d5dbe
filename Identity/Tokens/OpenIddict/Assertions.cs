namespace SecureShop.Identity.Tokens.OpenIddict;

/// <summary>Clients prove themselves by what they sign (RFC 7523), short-lived and once each.</summary>
internal sealed class Assertions(ReplayMarks marks, KnownClients clients)
{
    private readonly Dictionary<string, JsonWebKey> keys = clients.All.Where(client => client.PublicKey is not null)
        .ToDictionary(client => client.Id, client => new JsonWebKey(client.PublicKey), StringComparer.Ordinal);

    public static void AddTo(OpenIddictServerBuilder server)
    {
        server.Services.AddSingleton<Assertions>();
        server.On<ValidateTokenContext, Assertions>(Protection.ResolveTokenValidationParameters.Descriptor.After, assertions => assertions.Restrict);
        server.On<ProcessAuthenticationContext, Assertions>(ValidateClientAssertionIssuer.Descriptor.After, assertions => assertions.UseAsync);
    }

    // Where the library is laxer than FAPI 2.0 (the audience, times), and where it is stricter than certified clients (the type).
    private ValueTask Restrict(ValidateTokenContext context)
    {
        if (context.ValidTokenTypes.Count != 1 || !context.ValidTokenTypes.Contains(TokenTypeIdentifiers.Private.ClientAssertion))
            return default;

        // The library's own blocks one thread while another looks the client up.
        context.TokenValidationParameters.IssuerSigningKeyResolver = (_, token, _, _) => keys.TryGetValue(token.Issuer ?? "", out var key) ? [key] : [];
        context.TokenValidationParameters.ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256];

        // The library takes the type of a draft alone.
        context.TokenValidationParameters.TypeValidator = (_, token, _) => AssertionRules.FaultOf(
            (JsonWebToken)token, context.Transaction.Request?.ClientId, context.Options.Issuer!.AbsoluteUri, context.Options.TimeProvider!.GetUtcNow().UtcDateTime) is { } fault
            ? throw new SecurityTokenInvalidTypeException(fault)
            : AssertionRules.Type;
        return default;
    }

    /// <summary>An assertion that somebody has read on its way proves nothing a second time, at whichever replica.</summary>
    private async ValueTask UseAsync(ProcessAuthenticationContext context)
    {
        if (context.ClientAssertionPrincipal is { } assertion
            && !await marks.TryUseAsync("assertion", assertion.GetClaim(Claims.Issuer)!, assertion.GetClaim(Claims.JwtId)!, AssertionRules.Memory, context.CancellationToken))
            context.Reject(Errors.InvalidClient, "The assertion was used before.");
    }
}
