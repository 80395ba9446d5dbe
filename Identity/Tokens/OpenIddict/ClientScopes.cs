using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;
using static OpenIddict.Server.OpenIddictServerHandlers;

namespace SecureShop.Identity.Tokens.OpenIddict;

/// <summary>A client gets the scopes that it is registered for, at whichever endpoint it asks; RFC 6749, 5.2 has a word for the others.</summary>
internal static class ClientScopes
{
    public static void AddTo(OpenIddictServerBuilder server)
    {
        // The library's own say invalid_request.
        Replace<ValidateAuthorizationRequestContext, OnAuthorize>(server, Authentication.ValidateScopePermissions.Descriptor);
        Replace<ValidatePushedAuthorizationRequestContext, OnPush>(server, Authentication.ValidatePushedScopePermissions.Descriptor);
        Replace<ValidateDeviceAuthorizationRequestContext, OnDevice>(server, Device.ValidateScopePermissions.Descriptor);
        Replace<ValidateTokenRequestContext, OnToken>(server, Exchange.ValidateScopePermissions.Descriptor);
    }

    private static void Replace<TContext, THandler>(OpenIddictServerBuilder server, OpenIddictServerHandlerDescriptor own)
        where TContext : BaseValidatingContext
        where THandler : class, IOpenIddictServerHandler<TContext>
    {
        server.RemoveEventHandler(own);
        server.AddEventHandler<TContext>(handler => handler.SetOrder(own.Order).UseSingletonHandler<THandler>());
    }

    internal sealed class OnAuthorize(KnownClients clients) : Check<ValidateAuthorizationRequestContext>(clients);

    internal sealed class OnPush(KnownClients clients) : Check<ValidatePushedAuthorizationRequestContext>(clients);

    internal sealed class OnDevice(KnownClients clients) : Check<ValidateDeviceAuthorizationRequestContext>(clients);

    internal sealed class OnToken(KnownClients clients) : Check<ValidateTokenRequestContext>(clients);

    internal abstract class Check<TContext>(KnownClients clients) : IOpenIddictServerHandler<TContext>
        where TContext : BaseValidatingContext
    {
        public ValueTask HandleAsync(TContext context)
        {
            var known = clients.Find(context.Transaction.Request!.ClientId)?.Scopes ?? [];
            if (!context.Transaction.Request!.GetScopes().All(scope => known.Contains(scope, StringComparer.Ordinal)))
                context.Reject(Errors.InvalidScope, "The client may not ask for this scope.");
            return default;
        }
    }
}
