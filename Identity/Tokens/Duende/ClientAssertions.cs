using Duende.IdentityServer;
using Duende.IdentityServer.Models;
using Duende.IdentityServer.Services;
using Duende.IdentityServer.Validation;
using Microsoft.IdentityModel.JsonWebTokens;
using SecureShop.ServiceDefaults.Tokens;
using Secret = Duende.IdentityServer.Models.Secret;

namespace SecureShop.Identity.Tokens.Duende;

/// <summary>
/// What IdentityServer leaves open of a client's assertion (RFC 7523, FAPI 2.0 5.3.2.1): that it is for this issuer and nobody else,
/// short-lived, and free of demands that nobody understands. Its own strict mode would take no <c>typ</c> but one that clients do not send.
/// </summary>
internal sealed class ClientAssertions(PrivateKeyJwtSecretValidator inner, IOptions<IssuerOptions> issuer, TimeProvider clock) : ISecretValidator
{
    public static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(30);

    private static readonly string?[] Types = [null, "JWT", "client-authentication+jwt"];

    public async Task<SecretValidationResult> ValidateAsync(IEnumerable<Secret> secrets, ParsedSecret parsedSecret)
        => parsedSecret is { Type: IdentityServerConstants.ParsedSecretTypes.JwtBearer, Credential: string assertion } && IsFit(assertion)
            ? await inner.ValidateAsync(secrets, parsedSecret)
            : new() { Success = false };

    private bool IsFit(string assertion)
    {
        JsonWebToken token;
        try
        {
            token = new(assertion);
        }
        catch (ArgumentException)
        {
            return false;
        }

        var now = clock.GetUtcNow().UtcDateTime;

        // Mix-up: an assertion that another server has received must be of no use here, so its audience is one issuer. "crit" names
        // extensions that must be understood (RFC 7515, 4.1.11), and we understand none.
        return token.TryGetPayloadValue<object>("aud", out var audience) && audience is string single && single == issuer.Value.Issuer
            && Types.Contains(token.TryGetHeaderValue<string>("typ", out var type) ? type : null, StringComparer.OrdinalIgnoreCase)
            && !token.TryGetHeaderValue<object>("crit", out _)
            && token.IssuedAt <= now + ClockSkew && token.ValidTo <= now + TokenLifetimes.Assertion + ClockSkew;
    }
}

/// <summary>
/// Assertions that were used, in Redis, for all replicas. IdentityServer asks first and adds then, between which a copy would pass; here
/// the question itself is what takes the id out of use, in one step.
/// </summary>
internal sealed class AssertionMarks(ReplayMarks marks, IHttpContextAccessor http) : IReplayCache
{
    // As long as any clock that we allow for would take it.
    private static readonly TimeSpan Keep = TokenLifetimes.Assertion + (4 * ClientAssertions.ClockSkew);

    public async Task<bool> ExistsAsync(string purpose, string handle)
        => !await marks.TryUseAsync("assertion", purpose, handle, Keep, http.HttpContext?.RequestAborted ?? CancellationToken.None);

    public Task AddAsync(string purpose, string handle, DateTimeOffset expiration) => Task.CompletedTask;
}
