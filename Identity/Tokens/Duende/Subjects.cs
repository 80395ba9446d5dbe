namespace SecureShop.Identity.Tokens.Duende;

/// <summary>Who a token is about, read once a request: IdentityServer asks several times.</summary>
internal sealed class Subjects(TokenSubjects subjects)
{
    private readonly Dictionary<(string Subject, string Acr), TokenSubject?> read = [];

    public async Task<TokenSubject?> FindAsync(ClaimsPrincipal principal)
    {
        var key = (principal.FindFirst(ShopClaims.Subject)?.Value ?? "", principal.FindFirst(ShopClaims.AuthenticationContext)?.Value ?? Acr.SingleFactor);
        if (!read.TryGetValue(key, out var subject))
            read[key] = subject = await subjects.FindAsync(key.Item1, key.Item2);
        return subject;
    }
}

/// <summary>What tokens and the userinfo endpoint say about a person, of what their scopes and APIs ask for.</summary>
internal sealed class ShopProfile(Subjects subjects) : IProfileService
{
    public async Task GetProfileDataAsync(ProfileDataRequestContext context)
    {
        if (await subjects.FindAsync(context.Subject) is not { } subject)
            return;
        var wanted = context.RequestedClaimTypes.ToHashSet(StringComparer.Ordinal);
        context.IssuedClaims.AddRange(Claims(subject).Where(claim => wanted.Contains(claim.Type)));
    }

    // A client in its own name is its own subject, and was found to be there.
    public async Task IsActiveAsync(IsActiveContext context)
        => context.IsActive = context.Subject.HasClaim(ShopClaims.Subject, context.Client.ClientId) || await subjects.FindAsync(context.Subject) is not null;

    private static IEnumerable<Claim> Claims(TokenSubject subject) =>
    [
        new(ShopClaims.Name, subject.Name),
        new(ShopClaims.Email, subject.Email),
        new(ShopClaims.EmailVerified, subject.EmailVerified ? "true" : "false", ClaimValueTypes.Boolean),
        .. subject.Roles.Select(role => new Claim(ShopClaims.Role, role)),
    ];
}

/// <summary>Nobody signs in elsewhere, so no token says where; and a key that was exchanged is no sign-in at all.</summary>
internal sealed class SignInClaims(IProfileService profile, ILogger<DefaultClaimsService> logger) : DefaultClaimsService(profile, logger)
{
    protected override IEnumerable<Claim> GetStandardSubjectClaims(ClaimsPrincipal subject)
        => base.GetStandardSubjectClaims(subject).Where(claim => subject.HasClaim(ShopClaims.AuthenticationMethod, ApiKeyGrants.Method)
            ? claim.Type == ShopClaims.Subject : claim.Type != BrowserSession.Provider);
}

/// <summary>
/// Our session in IdentityServer's words. It makes no ids, keeps no cookie and no list of clients of its own: families know which clients
/// a session has let in.
/// </summary>
internal sealed class BrowserSession(IHttpContextAccessor http) : IUserSession
{
    /// <summary>The claim by which IdentityServer knows where somebody has signed in.</summary>
    public const string Provider = "idp";

    public Task<string> CreateSessionIdAsync(ClaimsPrincipal principal, AuthenticationProperties properties)
        => Task.FromResult(ShopSession.Of(principal)?.Id ?? throw new InvalidOperationException("Sign in by Sessions, which gives a session its id."));

    public async Task<ClaimsPrincipal?> GetUserAsync() => await FindAsync() is not { } session ? null : new(new ClaimsIdentity(
        [.. session.ToClaims(), new(ShopClaims.AuthenticationContext, session.Acr), new(Provider, "local")], "session", ShopClaims.Name, ShopClaims.Role));

    public async Task<string?> GetSessionIdAsync() => (await FindAsync())?.Id;

    public Task EnsureSessionIdCookieAsync() => Task.CompletedTask;

    public Task RemoveSessionIdCookieAsync() => Task.CompletedTask;

    public Task AddClientIdAsync(string clientId) => Task.CompletedTask;

    public Task<IEnumerable<string>> GetClientListAsync() => Task.FromResult(Enumerable.Empty<string>());

    private async Task<ShopSession?> FindAsync()
        => http.HttpContext is { } context ? ShopSession.Of((await context.AuthenticateAsync(IdentityConstants.ApplicationScheme)).Principal) : null;
}
