namespace SecureShop.Identity.Tokens.OpenIddict;

/// <summary>
/// All that stems from one authorization lives and dies together, by one row: a code or a rotating refresh token that comes twice was
/// stolen by one of the two who hold it, and nobody knows by which (RFC 9700, 4.14). The row's stamp is that of the one refresh token
/// that is good; neither such tokens nor access tokens have rows of their own.
/// </summary>
internal sealed class Families(KnownClients clients, TimeProvider clock)
{
    private const int MaxName = 64;
    private const string Ends = "oi_ends";
    private const string Stamp = "oi_stamp";

    private static readonly Func<IdentityDbContext, string, string?, Task<State?>> Read = EF.CompileAsyncQuery((IdentityDbContext database, string id, string? token)
        => database.Set<Family>().Where(row => row.Id == id)
            .Select(row => new State(row.Status, row.ConcurrencyToken, row.Tokens.Any(mark => mark.Id == token))).SingleOrDefault());

    public static void AddTo(OpenIddictServerBuilder server)
    {
        server.Services.AddSingleton<Families>();

        // The library's own lets two racing copies both pass.
        server.Instead<ProcessSignInContext, Families>(RedeemTokenEntry.Descriptor, families => families.RedeemAsync);
        server.On<ProcessSignInContext, Families>(EvaluateGeneratedTokens.Descriptor.After, families => families.KeepAsync);
        server.On<ProcessSignInContext, Families>(PrepareRefreshTokenPrincipal.Descriptor.Before, families => families.LimitAsync);
        server.On<ValidateTokenContext>(Protection.ValidateTokenEntry.Descriptor.Before, EndReusedAsync);
        server.On<ValidateTokenContext>(Protection.ValidateAuthorizationEntry.Descriptor.Order, CheckAsync);
        server.Instead<HandleRevocationRequestContext, Families>(Revocation.RevokeToken.Descriptor, families => families.RevokeAsync);

        // The library's own would ask for the rows of what has none: they have what is no longer than a name, and what names one.
        server.OnlyWhere<ValidateTokenContext>(Protection.ValidateReferenceTokenIdentifier.Descriptor, context => context.Token.Length <= MaxName);
        server.OnlyWhere<ValidateTokenContext>(Protection.RestoreTokenEntryProperties.Descriptor, context => context.Principal?.GetTokenId() is not null);
    }

    /// <summary>Begins the family of what a session's person grants to a client, and has <paramref name="principal"/> belong to it.</summary>
    public async Task BeginAsync(IdentityDbContext database, ClaimsPrincipal principal, ShopSession session, ShopClient client, CancellationToken cancellationToken)
    {
        var (id, stamp, now) = (Guid.CreateVersion7(clock.GetUtcNow()).ToString(), NewStamp(), clock.GetUtcNow());

        // By the property its session ends it.
        await database.Database.ExecuteSqlAsync($"""
            insert into identity.authorizations (id, application_id, concurrency_token, creation_date, properties, status, subject, type)
            values ({id}, (select id from identity.applications where client_id = {client.Id}), {stamp}, {now}, {PropertyOf(session.Id)},
                {Statuses.Valid}, {session.Subject}, {AuthorizationTypes.AdHoc})
            """, cancellationToken);
        principal.SetAuthorizationId(id).SetClaim(Stamp, stamp).SetClaim(Ends, (now + TokenLifetimes.RefreshLongest).ToUnixTimeSeconds());
    }

    /// <summary>What the row says of the session that granted it.</summary>
    public static string PropertyOf(string session) => JsonSerializer.Serialize(new Dictionary<string, string>(StringComparer.Ordinal) { [ShopClaims.Session] = session });

    /// <summary>Takes what may be used once, by a statement of which one of several racing copies comes back with a row.</summary>
    private async ValueTask RedeemAsync(ProcessSignInContext context)
    {
        var proven = context.Proven();
        if (proven?.RefreshTokenPrincipal is { } refresh)
        {
            if (!Stays(context))
                await RotateAsync(context, refresh);
            return;
        }

        var principal = proven?.RequestTokenPrincipal ?? proven?.UserCodePrincipal ?? proven?.AuthorizationCodePrincipal ?? proven?.DeviceCodePrincipal;
        if (principal?.GetTokenId() is not { } id)
            return;
        var taken = await Database(context).Database.ExecuteSqlAsync($"""
            update identity.tokens set status = {Statuses.Redeemed}, redemption_date = {clock.GetUtcNow()}, concurrency_token = gen_random_uuid()::text
            where id = {id} and status = {Statuses.Valid}
            """, context.CancellationToken);
        if (taken == 0)
            await RefuseReusedAsync(context, principal);
    }

    // The next one's stamp, instead of this one's: of copies that race one finds its own there.
    private static async Task RotateAsync(ProcessSignInContext context, ClaimsPrincipal refresh)
    {
        var stamp = NewStamp();
        var taken = await Database(context).Database.ExecuteSqlAsync(
            $"update identity.authorizations set concurrency_token = {stamp} where id = {refresh.GetAuthorizationId()} and concurrency_token = {refresh.GetClaim(Stamp)}",
            context.CancellationToken);
        if (taken == 0)
            await RefuseReusedAsync(context, refresh);
        context.Principal!.SetClaim(Stamp, stamp);
    }

    /// <summary>No second refresh token where the first stays good.</summary>
    private ValueTask KeepAsync(ProcessSignInContext context)
    {
        if (Stays(context))
            (context.GenerateRefreshToken, context.IncludeRefreshToken) = (false, false);
        return default;
    }

    /// <summary>Unused for too long, or since too long: one that rotates slides within its longest life, one that stays has it at once.</summary>
    private ValueTask LimitAsync(ProcessSignInContext context)
    {
        if (!context.GenerateRefreshToken)
            return default;
        var left = DateTimeOffset.FromUnixTimeSeconds(long.Parse(context.Principal!.GetClaim(Ends) ?? "0", CultureInfo.InvariantCulture)) - clock.GetUtcNow();
        var stays = IsBound(context.ClientId, context.Transaction.GetProperty<string>(Dpop.BoundTo));
        context.Principal!.SetRefreshTokenLifetime(stays || left < TokenLifetimes.RefreshIdle ? left : TokenLifetimes.RefreshIdle);
        return default;
    }

    private static async ValueTask EndReusedAsync(ValidateTokenContext context)
    {
        if (context is { AuthorizationId: not null, TokenId: { } id }
            && await Database(context).Set<Token>().AnyAsync(row => row.Id == id && row.Status == Statuses.Redeemed, context.CancellationToken))
            await RefuseReusedAsync(context, context.Principal!);
    }

    /// <summary>Every use of a token asks whether its family lives; of an access token also, whether it was taken back by itself.</summary>
    private static async ValueTask CheckAsync(ValidateTokenContext context)
    {
        var token = context.Principal!;
        if (token.GetAuthorizationId() is not { } id)
            return;
        var family = await Read(Database(context), id, token.GetClaim(Claims.JwtId));
        if (family is not null && token.HasTokenType(TokenTypeIdentifiers.RefreshToken) && token.GetClaim(Stamp) != family.Stamp)
            await RefuseReusedAsync(context, token);
        else if (family is not { Status: Statuses.Valid, IsTakenBack: false })
            context.Reject(Errors.InvalidToken, "What it stems from has ended.");
    }

    /// <summary>RFC 7009, 2.1: with a refresh token the access tokens of the same grant end. An access token ends alone, and by itself within minutes.</summary>
    private async ValueTask RevokeAsync(HandleRevocationRequestContext context)
    {
        var token = context.GenericTokenPrincipal!;
        context.Http().RequestServices.GetRequiredService<RevocationFeed>().Revoke(RevocationKind.Token, token.GetClaim(Claims.JwtId));
        if (token.HasTokenType(TokenTypeIdentifiers.RefreshToken))
            await EndAsync(context, token);
        else if (token.GetAuthorizationId() is { } family && token.GetClaim(Claims.JwtId) is { } id)
            await Database(context).Database.ExecuteSqlAsync($"""
                insert into identity.tokens (id, authorization_id, creation_date, status, type)
                values ({id}, {family}, {clock.GetUtcNow()}, {Statuses.Revoked}, {TokenTypeIdentifiers.AccessToken}) on conflict do nothing
                """, context.CancellationToken);
        else
            context.Reject(Errors.UnsupportedTokenType, "It is nobody's grant, and ends by itself.");
    }

    private static async Task RefuseReusedAsync(BaseValidatingContext context, ClaimsPrincipal token)
    {
        ServerEvents.Reused(context.Transaction);
        await EndAsync(context, token);
        context.Reject(context is ValidateTokenContext ? Errors.InvalidToken : Errors.InvalidGrant, "It was used before.");
    }

    private static Task<int> EndAsync(BaseContext context, ClaimsPrincipal token)
    {
        var family = token.GetAuthorizationId();
        context.Http().RequestServices.GetRequiredService<RevocationFeed>().Revoke(RevocationKind.Family, family);
        return Database(context).Set<Family>().Where(row => row.Id == family)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.Status, Statuses.Revoked), context.CancellationToken);
    }

    // Asked for late: most requests for tokens need none.
    private static IdentityDbContext Database(BaseContext context) => context.Http().RequestServices.GetRequiredService<IdentityDbContext>();

    private static string NewStamp() => RandomNumberGenerator.GetHexString(32, lowercase: true);

    /// <summary>Whether the request has brought a refresh token that stays good.</summary>
    private bool Stays(ProcessSignInContext context)
        => context.Proven()?.RefreshTokenPrincipal is { } token && IsBound(context.ClientId, token.GetClaim(Dpop.BoundTo));

    /// <summary>
    /// Whether a refresh token is of use to its client alone: it is bound to a key, or the client proves itself. Such a one stays good
    /// (FAPI 2.0, 5.3.2.1): rotation would log people out whose client has lost one answer, and guard against nothing.
    /// </summary>
    private bool IsBound(string? clientId, string? key) => key is not null || clients.Find(clientId) is { IsPublic: false };

    private sealed record State(string? Status, string? Stamp, bool IsTakenBack);
}
