using Microsoft.AspNetCore;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace SecureShop.Identity.Tokens.OpenIddict;

/// <summary>
/// Leaves our events where OpenIddict refuses. Of what a caller sent in nothing goes into them, and of who it says it is only what was proven.
/// </summary>
internal static class ServerEvents
{
    private const string ReusedGrant = "reused";
    private const string ProvenClient = "proven_client";

    public static void AddTo(OpenIddictServerBuilder server)
    {
        server.AddEventHandler<ProcessAuthenticationContext>(handler => handler
            .SetOrder(OpenIddictServerHandlers.ValidateClientCertificate.Descriptor.Order + 500).UseInlineHandler(NoteClient));
        On<ApplyTokenResponseContext>(server, Grant);
        On<ApplyIntrospectionResponseContext>(server, Grant);
        On<ApplyRevocationResponseContext>(server, Grant);
        On<ApplyDeviceAuthorizationResponseContext>(server, Authorization);
        On<ApplyPushedAuthorizationResponseContext>(server, Authorization);
        On<ApplyAuthorizationResponseContext>(server, Authorization);
        On<ApplyUserInfoResponseContext>(server, Token);
    }

    /// <summary>Says that this request brought what had been used before.</summary>
    public static void Reused(OpenIddictServerTransaction transaction) => transaction.SetProperty(ReusedGrant, ReusedGrant);

    private static void On<TContext>(OpenIddictServerBuilder server, Action<BaseRequestContext, HttpContext, string> note)
        where TContext : BaseRequestContext
        => server.AddEventHandler<TContext>(handler => handler.SetOrder(int.MinValue + 1).UseInlineHandler(context =>
        {
            // Whatever refused it before has said more than is known here: an API key, whose it was.
            if (context.Transaction.Response?.Error is { } error && TokenErrors.IsRefusal(error)
                && context.Transaction.GetHttpRequest()?.HttpContext is { } http && !RefusalEvent.IsRecorded(http))
            {
                if (error == Errors.InvalidClient)
                    SecurityLog.Of(http, StatusCodes.Status401Unauthorized).ClientRefused();
                else
                    note(context, http, error);
            }

            return default;
        }));

    // Whoever comes this far has shown its secret, its assertion, or that it has none.
    private static ValueTask NoteClient(ProcessAuthenticationContext context)
    {
        context.Transaction.SetProperty(ProvenClient, context.ClientId);
        return default;
    }

    private static void Grant(BaseRequestContext context, HttpContext http, string error)
        => SecurityLog.Of(http, StatusCodes.Status400BadRequest).GrantRefused(
            context.Transaction.GetProperty<string>(ProvenClient), subject: null, context.Transaction.GetProperty<string>(ReusedGrant) is null ? IdentityRefusal.Grant : IdentityRefusal.GrantReused);

    private static void Authorization(BaseRequestContext context, HttpContext http, string error)
        => SecurityLog.Of(http, StatusCodes.Status400BadRequest).AuthorizationRefused();

    private static void Token(BaseRequestContext context, HttpContext http, string error)
    {
        switch (error)
        {
            case Errors.MissingToken:
                SecurityLog.Of(http, StatusCodes.Status401Unauthorized).AccessRefused(RefusalReason.NoCredential);
                break;
            case Errors.InsufficientScope:
                SecurityLog.Of(http, StatusCodes.Status403Forbidden).AccessRefused(RefusalReason.MissingScope);
                break;
            default:
                SecurityLog.Of(http, StatusCodes.Status401Unauthorized).TokenRejected(RefusalReason.TokenOther);
                break;
        }
    }
}
