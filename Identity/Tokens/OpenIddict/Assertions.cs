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

    public static void AddTo(OpenIddictServerBuilder server)
    {
        server.AddEventHandler<ValidateTokenContext>(handler => handler
            .SetOrder(Protection.ResolveTokenValidationParameters.Descriptor.Order + 500).UseInlineHandler(Restrict));
        server.AddEventHandler<ProcessAuthenticationContext>(handler => handler
            .AddFilter<OpenIddictServerHandlerFilters.RequireClientAssertionPrincipal>()
            .SetOrder(ValidateClientAssertionIssuer.Descriptor.Order + 500).UseScopedHandler<Once>());
    }

    // The library takes the type of a draft alone; certified clients still send none, or JWT.
    private static ValueTask Restrict(ValidateTokenContext context)
    {
        if (context.ValidTokenTypes.Count != 1 || !context.ValidTokenTypes.Contains(TokenTypeIdentifiers.Private.ClientAssertion))
            return default;
        context.TokenValidationParameters.ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256];
        context.TokenValidationParameters.TypeValidator = (type, token, parameters) =>
        {
            // "crit" names extensions that must be understood (RFC 7515, 4.1.11), and we understand none.
            if (token is JsonWebToken jwt && jwt.TryGetHeaderValue<object>("crit", out _))
                throw new SecurityTokenInvalidTypeException("The assertion's header is not accepted.");
            return type is null or "" || string.Equals(type, "JWT", StringComparison.OrdinalIgnoreCase) || string.Equals(type, Type, StringComparison.Ordinal)
                ? Type
                : throw new SecurityTokenInvalidTypeException("The assertion is of another type.");
        };
        return default;
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
