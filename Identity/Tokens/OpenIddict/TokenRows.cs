using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;
using static OpenIddict.Server.OpenIddictServerHandlers;

namespace SecureShop.Identity.Tokens.OpenIddict;

/// <summary>
/// Which tokens have a row. One that stems from a grant of a person ends with it, which its row or its family says; a service's own
/// access token ends by itself after minutes, and a row for it would be a write for nothing.
/// </summary>
internal static class TokenRows
{
    public static void AddTo(OpenIddictServerBuilder server) => server.AddEventHandler<GenerateTokenContext>(handler => handler
        .SetOrder(Protection.AttachSecurityCredentials.Descriptor.Order + 1)
        .UseInlineHandler(context =>
        {
            if (context.TokenType is TokenTypeIdentifiers.IdentityToken
                || (context.TokenType is TokenTypeIdentifiers.AccessToken && context.Principal.GetAuthorizationId() is null))
                context.CreateTokenEntry = false;
            return default;
        }));
}
