using System.Buffers.Text;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using SecureShop.ServiceDefaults.Tokens;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;
using static OpenIddict.Server.OpenIddictServerHandlers;

namespace SecureShop.Identity.Tokens.OpenIddict;

/// <summary>Clients prove themselves by what they sign (RFC 7523), short-lived and once each.</summary>
internal static class Assertions
{
    private const string Type = "client-authentication+jwt";
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(10);

    public static void AddTo(OpenIddictServerBuilder server)
    {
        server.AddEventHandler<ValidateTokenContext>(handler => handler
            .SetOrder(Protection.ResolveTokenValidationParameters.Descriptor.Order + 500).UseSingletonHandler<Restrict>());
        server.AddEventHandler<ProcessAuthenticationContext>(handler => handler
            .AddFilter<OpenIddictServerHandlerFilters.RequireClientAssertionPrincipal>()
            .SetOrder(ValidateClientAssertionIssuer.Descriptor.Order + 500).UseScopedHandler<Once>());
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
        if (!IsOnly(assertion.EncodedPayload, Claims.Audience, Wire.Issuer(context)))
            return "The assertion is for another server.";
        if (assertion.Subject != assertion.Issuer || (context.Transaction.Request?.ClientId is { } id && id != assertion.Subject))
            return "The assertion is of another client.";

        // Clocks differ a little (FAPI 2.0, 5.3.2.1). Without a given time the library says the year 1.
        var now = context.Options.TimeProvider!.GetUtcNow().UtcDateTime;
        return assertion.ValidTo <= now - Skew || assertion.ValidFrom > now + Skew || assertion.IssuedAt > now + Skew ? "The assertion is not good at this time." : null;
    }

    private static bool IsOnly(string encodedPayload, string claim, string value)
    {
        using var payload = JsonDocument.Parse(Base64Url.DecodeFromChars(encodedPayload));
        return payload.RootElement.TryGetProperty(claim, out var found) && found.ValueKind == JsonValueKind.String && found.ValueEquals(value);
    }

    /// <summary>Where the library is laxer than FAPI 2.0 (the audience, times), and where it is stricter than certified clients (the type).</summary>
    internal sealed class Restrict(KnownClients clients) : IOpenIddictServerHandler<ValidateTokenContext>
    {
        private readonly Dictionary<string, JsonWebKey> keys = clients.All.Where(client => client.PublicKey is not null)
            .ToDictionary(client => client.Id, client => new JsonWebKey(client.PublicKey), StringComparer.Ordinal);

        public ValueTask HandleAsync(ValidateTokenContext context)
        {
            if (context.ValidTokenTypes.Count != 1 || !context.ValidTokenTypes.Contains(TokenTypeIdentifiers.Private.ClientAssertion))
                return default;

            // The library's own blocks one thread while another asks the database.
            context.TokenValidationParameters.IssuerSigningKeyResolver = (_, token, _, _) => keys.TryGetValue(token.Issuer ?? "", out var key) ? [key] : [];
            context.TokenValidationParameters.ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256];
            context.TokenValidationParameters.TypeValidator = (_, token, _) => Fault(context, (JsonWebToken)token) is { } fault
                ? throw new SecurityTokenInvalidTypeException(fault)
                : Type;
            return default;
        }
    }

    /// <summary>An assertion that somebody has read on its way proves nothing a second time, at whichever replica.</summary>
    internal sealed class Once(ReplayMarks marks, TimeProvider clock) : IOpenIddictServerHandler<ProcessAuthenticationContext>
    {
        public async ValueTask HandleAsync(ProcessAuthenticationContext context)
        {
            var assertion = context.ClientAssertionPrincipal!;
            var left = assertion.GetExpirationDate() - clock.GetUtcNow();

            // Without an end in sight it would have to be remembered for ever.
            if (left is not { } keep || keep > TokenLifetimes.Assertion || assertion.GetClaim(Claims.JwtId) is not { } id)
            {
                context.Reject(Errors.InvalidClient, "The assertion needs an id, and an end within five minutes.");
                return;
            }

            try
            {
                if (!await marks.TryUseAsync("assertion", assertion.GetClaim(Claims.Issuer)!, id, keep + TimeSpan.FromMinutes(1), context.CancellationToken))
                    context.Reject(Errors.InvalidClient, "The assertion was used before.");
            }
            catch (ReplayMarksUnavailableException)
            {
                // Fail closed: nobody can tell whether it is a copy.
                context.Reject(Errors.TemporarilyUnavailable, "Assertions cannot be checked at the moment. Try again.");
            }
        }
    }
}
