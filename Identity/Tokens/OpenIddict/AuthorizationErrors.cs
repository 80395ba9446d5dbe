using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;
using static OpenIddict.Server.OpenIddictServerHandlers;

namespace SecureShop.Identity.Tokens.OpenIddict;

/// <summary>
/// Sends errors back to the client (RFC 6749, 4.1.2.1), once client and address are beyond doubt. OpenIddict tells the person instead, who
/// can do nothing about them.
/// </summary>
internal static class AuthorizationErrors
{
    public static void AddTo(OpenIddictServerBuilder server)
    {
        server.AddEventHandler<ApplyAuthorizationResponseContext>(handler => handler
            .SetOrder(Authentication.AttachRedirectUri.Descriptor.Order + 500).UseScopedHandler<Address>());
        server.AddEventHandler<ApplyAuthorizationResponseContext>(handler => handler
            .SetOrder(Authentication.InferResponseMode.Descriptor.Order + 500).UseInlineHandler(context =>
            {
                // Of a mode that we do not have, too, the client has to hear.
                if (context.Error is not null && context.ResponseMode != ResponseModes.FormPost)
                    context.ResponseMode = ResponseModes.Query;
                return default;
            }));
    }

    internal sealed class Address(IOpenIddictApplicationManager applications) : IOpenIddictServerHandler<ApplyAuthorizationResponseContext>
    {
        public async ValueTask HandleAsync(ApplyAuthorizationResponseContext context)
        {
            // Nothing leaves for an address that is not this client's: the server would be an open redirector.
            if (context.Error is not null && context.RedirectUri is null && context.Request is { ClientId: { } id, RedirectUri: { } address }
                && await applications.FindByClientIdAsync(id, context.CancellationToken) is { } client
                && await applications.ValidateRedirectUriAsync(client, address, context.CancellationToken))
                context.RedirectUri = address;
        }
    }
}
