using Microsoft.AspNetCore;
using OpenIddict.Server;
using SecureShop.Identity.Accounts;
using SecureShop.ServiceDefaults.Events;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace SecureShop.Identity.Tokens.OpenIddict;

/// <summary>
/// Leaves our events where OpenIddict refuses. Of what a caller sent in nothing goes into them, and of who it says it is only what was proven.
/// </summary>
internal static class ServerEvents
{
    private const string ReusedGrant = "reused";

    // Asked without a page, and a page is needed: nothing was tried.
    private static readonly HashSet<string?> NoRefusal = new(StringComparer.Ordinal)
    {
        Errors.LoginRequired, Errors.ConsentRequired, Errors.InteractionRequired, Errors.AccountSelectionRequired, Errors.AccessDenied,
        "unmet_authentication_requirements",
    };

    public static void AddTo(OpenIddictServerBuilder server)
    {
        server.AddEventHandler<ApplyTokenResponseContext>(handler => handler.SetOrder(int.MinValue + 1).UseInlineHandler(
            context => Note(context, context.Response.Error, Grant)));
        server.AddEventHandler<ApplyIntrospectionResponseContext>(handler => handler.SetOrder(int.MinValue + 1).UseInlineHandler(
            context => Note(context, context.Response.Error, Grant)));
        server.AddEventHandler<ApplyRevocationResponseContext>(handler => handler.SetOrder(int.MinValue + 1).UseInlineHandler(
            context => Note(context, context.Response.Error, Grant)));
        server.AddEventHandler<ApplyDeviceAuthorizationResponseContext>(handler => handler.SetOrder(int.MinValue + 1).UseInlineHandler(
            context => Note(context, context.Response.Error, Authorization)));
        server.AddEventHandler<ApplyPushedAuthorizationResponseContext>(handler => handler.SetOrder(int.MinValue + 1).UseInlineHandler(
            context => Note(context, context.Response.Error, Authorization)));
        server.AddEventHandler<ApplyAuthorizationResponseContext>(handler => handler.SetOrder(int.MinValue + 1).UseInlineHandler(
            context => Note(context, context.Response.Error, Authorization)));
        server.AddEventHandler<ApplyUserInfoResponseContext>(handler => handler.SetOrder(int.MinValue + 1).UseInlineHandler(
            context => Note(context, context.Response.Error, Token)));
    }

    /// <summary>Says that this request brought what had been used before.</summary>
    public static void Reused(OpenIddictServerTransaction transaction) => transaction.SetProperty(ReusedGrant, ReusedGrant);

    private static ValueTask Note(BaseRequestContext context, string? error, Action<BaseRequestContext, SecurityLog, string> note)
    {
        if (error is null || context.Transaction.GetHttpRequest() is not { } request || NoRefusal.Contains(error)
            || error is Errors.AuthorizationPending or Errors.SlowDown or DpopNonceNeeded

            // Whatever refused it has said more than is known here: an API key, whose it was.
            || RefusalEvent.IsRecorded(request.HttpContext))
            return default;
        var log = request.HttpContext.RequestServices.GetRequiredService<SecurityLog>();
        if (error == Errors.InvalidClient)
            log.ForCurrentRequest(StatusCodes.Status401Unauthorized).ClientRefused();
        else
            note(context, log, error);
        return default;
    }

    // A client that holds a fresh nonce asks once more, and nothing was refused for good.
    private const string DpopNonceNeeded = "use_dpop_nonce";

    private static void Grant(BaseRequestContext context, SecurityLog log, string error)
    {
        var reused = context.Transaction.GetProperty<string>(ReusedGrant) is not null;
        log.ForCurrentRequest(StatusCodes.Status400BadRequest).GrantRefused(client: null, subject: null, reused ? IdentityRefusal.GrantReused : IdentityRefusal.Grant);
    }

    private static void Authorization(BaseRequestContext context, SecurityLog log, string error)
        => log.ForCurrentRequest(StatusCodes.Status400BadRequest).AuthorizationRefused();

    private static void Token(BaseRequestContext context, SecurityLog log, string error)
    {
        switch (error)
        {
            case Errors.MissingToken:
                log.ForCurrentRequest(StatusCodes.Status401Unauthorized).AccessRefused(RefusalReason.NoCredential);
                break;
            case Errors.InsufficientScope:
                log.ForCurrentRequest(StatusCodes.Status403Forbidden).AccessRefused(RefusalReason.MissingScope);
                break;
            default:
                log.ForCurrentRequest(StatusCodes.Status401Unauthorized).TokenRejected(RefusalReason.TokenOther);
                break;
        }
    }
}
