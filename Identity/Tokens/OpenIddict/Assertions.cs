using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using SecureShop.ServiceDefaults.Tokens;

namespace SecureShop.Identity.Tokens.OpenIddict;

/// <summary>Clients prove themselves by what they sign (RFC 7523), short-lived and once each.</summary>
internal sealed class Assertions(ReplayMarks marks, KnownClients clients, TimeProvider clock)
{
    private const string Type = "client-authentication+jwt";
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(10);

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
        context.TokenValidationParameters.TypeValidator = (_, token, _) => Fault(context, (JsonWebToken)token) is { } fault
            ? throw new SecurityTokenInvalidTypeException(fault)
            : Type;
        return default;
    }

    private static string? Fault(ValidateTokenContext context, JsonWebToken assertion)
    {
        // The library takes the type of a draft alone; certified clients still send none, or JWT.
        if (assertion.Typ is not (null or "" or "JWT" or Type))
            return "The assertion is of another type.";

        // "crit" names extensions that must be understood (RFC 7515, 4.1.11), and we understand none.
        if (assertion.TryGetHeaderValue<object>("crit", out _))
            return "The assertion's header is not accepted.";

        // The issuer, as one string: in a list it might be meant for another server too, and that could use it here.
        if (!assertion.TryGetPayloadValue<object>(Claims.Audience, out var audience) || audience as string != context.Options.Issuer!.AbsoluteUri)
            return "The assertion is for another server.";
        if (assertion.Subject != assertion.Issuer || (context.Transaction.Request?.ClientId is { } id && id != assertion.Subject))
            return "The assertion is of another client.";

        // Clocks differ a little (FAPI 2.0, 5.3.2.1). Without a given time the library says the year 1.
        var now = context.Options.TimeProvider!.GetUtcNow().UtcDateTime;
        return assertion.ValidTo <= now - Skew || assertion.ValidFrom > now + Skew || assertion.IssuedAt > now + Skew ? "The assertion is not good at this time." : null;
    }

    /// <summary>An assertion that somebody has read on its way proves nothing a second time, at whichever replica.</summary>
    private async ValueTask UseAsync(ProcessAuthenticationContext context)
    {
        if (context.ClientAssertionPrincipal is not { } assertion)
            return;

        // Without an end in sight it would have to be remembered for ever.
        if (assertion.GetExpirationDate() - clock.GetUtcNow() is not { } left || left > TokenLifetimes.Assertion || assertion.GetClaim(Claims.JwtId) is not { } id)
            context.Reject(Errors.InvalidClient, "The assertion needs an id, and an end within five minutes.");
        else if (!await marks.TryUseAsync("assertion", assertion.GetClaim(Claims.Issuer)!, id, left + TimeSpan.FromMinutes(1), context.CancellationToken))
            context.Reject(Errors.InvalidClient, "The assertion was used before.");
    }
}
