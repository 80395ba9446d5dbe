namespace SecureShop.Identity.Tokens.OpenIddict;

/// <summary>Leaves our events where OpenIddict refuses.</summary>
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

    private static void Note(BaseContext context, string? error) => TokenRefusals.Leave(
        context.Http(), error, context.Transaction.GetProperty<string>(ProvenClient), reused: context.Transaction.GetProperty<string>(ReusedGrant) is not null);
}
