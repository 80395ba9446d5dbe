namespace SecureShop.Identity.Tokens.Duende;

/// <summary>
/// What IdentityServer leaves open of the requests that clients make themselves: each parameter once, one way to prove who they are, and
/// of grants and proofs the errors of the standards.
/// </summary>
internal sealed class ClientProofs(ClientSecretValidator inner, KnownClients clients) : IClientSecretValidator
{
    public async Task<ClientSecretValidationResult> ValidateAsync(HttpContext context)
    {
        var form = context.Request.HasFormContentType ? await context.Request.ReadFormAsync(context.RequestAborted) : FormCollection.Empty;

        var proofs = form.Keys.Count(name => name is "client_secret" or "client_assertion") + context.Request.Headers.Authorization.Count;

        // Of two values, one reader takes the first and another the last; of two proofs, the one that is wrong would count for nothing.
        if (form.Any(field => field.Key != "resource" && field.Value.Count > 1) || proofs > 1)
            return Refused("invalid_request");
        var result = await inner.ValidateAsync(context);

        // A client that has no proof and brings one is not that client. Introspection is for APIs (RFC 7662, 2.1), which are no clients.
        if (result.IsError || context.Request.Path == Paths.Introspect
            || (form["client_id"] is [{ } named] && named != result.Client!.ClientId) || (!result.Client!.RequireClientSecret && proofs > 0))
            return RefusedClient(context);
        return context.Request.Path == Paths.Token && Fault(form, result.Client, context.Request) is { } fault ? Refused(fault) : result;
    }

    private string? Fault(IFormCollection form, Client client, HttpRequest request)
    {
        var grant = form["grant_type"].ToString();
        if (grant.Length == 0 || (grant == "authorization_code" && !form.ContainsKey("redirect_uri")))
            return "invalid_request";
        if (!Metadata.Grants.Contains(grant, StringComparer.Ordinal))
            return "unsupported_grant_type";
        if (grant == ApiKeyGrantType.Name && !client.AllowedGrantTypes.Contains(grant))
            return "unauthorized_client";

        // FAPI 2.0, 5.3.2.1: to these clients no token that anybody could use.
        return clients.Find(client.ClientId) is { IsFapi: true } && request.Headers["DPoP"].Count == 0 ? "invalid_dpop_proof" : null;
    }

    private static ClientSecretValidationResult RefusedClient(HttpContext context)
    {
        // RFC 6749, 5.2: who tries the header is told that it is not good. Introspection says so without an error of OAuth.
        context.Response.OnStarting(() =>
        {
            if (context.Response.StatusCode == StatusCodes.Status400BadRequest)
                context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            context.Response.Headers.WWWAuthenticate = "Basic realm=\"SecureShop\"";
            return Task.CompletedTask;
        });
        return Refused("invalid_client");
    }

    private static ClientSecretValidationResult Refused(string error) => new() { IsError = true, Error = error };
}

/// <summary>
/// What IdentityServer leaves open of a client's assertion (RFC 7523, FAPI 2.0 5.3.2.1): that it is for this issuer and nobody else,
/// short-lived, and free of demands that nobody understands. Its own strict mode would take no <c>typ</c> but one that clients do not send.
/// </summary>
internal sealed class ClientAssertions(PrivateKeyJwtSecretValidator inner, IOptions<IssuerOptions> issuer, TimeProvider clock) : ISecretValidator
{
    public async Task<SecretValidationResult> ValidateAsync(IEnumerable<Secret> secrets, ParsedSecret parsedSecret)
    {
        var result = await inner.ValidateAsync(secrets, parsedSecret);
        return result.Success && parsedSecret.Credential is string assertion
            && AssertionRules.FaultOf(new(assertion), parsedSecret.Id, issuer.Value.Issuer, clock.GetUtcNow().UtcDateTime) is null ? result : new() { Success = false };
    }
}

/// <summary>
/// Assertions that were used, in Redis, for all replicas. IdentityServer asks first and adds then, between which a copy would pass; here
/// the question itself is what takes the id out of use, in one step.
/// </summary>
internal sealed class AssertionMarks(ReplayMarks marks, IHttpContextAccessor http) : IReplayCache
{
    public async Task<bool> ExistsAsync(string purpose, string handle)
        => !await marks.TryUseAsync("assertion", purpose, handle, AssertionRules.Memory, http.HttpContext?.RequestAborted ?? CancellationToken.None);

    public Task AddAsync(string purpose, string handle, DateTimeOffset expiration) => Task.CompletedTask;
}

/// <summary>Proofs of a key (RFC 9449) by the check that every service of ours uses: one reading of the standard, one table of used ones.</summary>
internal sealed class DpopValidator(DpopProofs proofs, IHttpContextAccessor http) : IDPoPProofValidator
{
    public async Task<DPoPProofValidatonResult> ValidateAsync(DPoPProofValidatonContext context)
    {
        try
        {
            // The server's nonce keeps proofs from being made in advance.
            var request = http.HttpContext!.Request;
            var check = await proofs.CheckAsync(request, context.Url, accessToken: null, needsNonce: true, request.HttpContext.RequestAborted);
            return new()
            {
                IsError = check.Error is not null,
                Error = check.Error,
                ErrorDescription = check.Description,
                ServerIssuedNonce = check.Nonce,
                JsonWebKeyThumbprint = check.Thumbprint,
                Confirmation = Confirmation(check.Thumbprint),
            };
        }
        catch (ReplayMarksUnavailableException)
        {
            // Fail closed: nobody can tell whether the proof is a copy.
            return new() { IsError = true, Error = "temporarily_unavailable", ErrorDescription = "Proofs cannot be checked at the moment. Try again." };
        }
    }

    /// <summary>What a token that is bound to a key says of it (RFC 9449, 6).</summary>
    public static string? Confirmation(string? thumbprint) => thumbprint is null ? null : $$"""{"jkt":"{{thumbprint}}"}""";
}
