using Endpoint = OpenIddict.Server.OpenIddictServerEndpointType;

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
        // Whoever comes this far has shown its secret, its assertion, or that it has none.
        server.On<ProcessAuthenticationContext>(ValidateClientCertificate.Descriptor.After, context => context.Transaction.SetProperty(ProvenClient, context.ClientId));
        server.On<ProcessErrorContext>(int.MinValue + 1, context => Note(context, context.Error));
        server.On<ProcessChallengeContext>(AttachDefaultChallengeError.Descriptor.After, context => Note(context, context.Response.Error));
    }

    /// <summary>Says that this request brought what had been used before.</summary>
    public static void Reused(OpenIddictServerTransaction transaction) => transaction.SetProperty(ReusedGrant, ReusedGrant);

    private static void Note(BaseContext context, string? error)
    {
        // Whatever refused it before has said more than is known here: an API key, whose it was.
        if (!TokenErrors.IsRefusal(error) || RefusalEvent.IsRecorded(context.Http()))
            return;
        var client = context.Transaction.GetProperty<string>(ProvenClient);
        var reason = context.Transaction.GetProperty<string>(ReusedGrant) is null ? IdentityRefusal.Grant : IdentityRefusal.GrantReused;
        (int Status, Action<ILogger> Leave)? refusal = (context.EndpointType, error) switch
        {
            (Endpoint.Unknown or Endpoint.EndSession or Endpoint.EndUserVerification, _) => null,
            (_, Errors.InvalidClient) => (StatusCodes.Status401Unauthorized, log => log.ClientRefused()),
            (Endpoint.Token or Endpoint.Introspection or Endpoint.Revocation, _) => (StatusCodes.Status400BadRequest, log => log.GrantRefused(client, subject: null, reason)),
            (Endpoint.Authorization or Endpoint.PushedAuthorization or Endpoint.DeviceAuthorization, _) => (StatusCodes.Status400BadRequest, log => log.AuthorizationRefused()),
            (Endpoint.UserInfo, Errors.MissingToken) => (StatusCodes.Status401Unauthorized, log => log.AccessRefused(RefusalReason.NoCredential)),
            (Endpoint.UserInfo, Errors.InsufficientScope) => (StatusCodes.Status403Forbidden, log => log.AccessRefused(RefusalReason.MissingScope)),
            (Endpoint.UserInfo, _) => (StatusCodes.Status401Unauthorized, log => log.TokenRejected(RefusalReason.TokenOther)),
            _ => null,
        };
        if (refusal is var (status, leave))
            leave(SecurityLog.Of(context.Http(), status));
    }
}
