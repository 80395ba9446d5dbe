using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using SecureShop.ServiceDefaults.Services;
using SecureShop.ServiceDefaults.Settings;

namespace SecureShop.ServiceDefaults.Tokens;

/// <summary>Registers the checks of DPoP proofs.</summary>
public static class DpopExtensions
{
    /// <summary>Adds <see cref="DpopProofs"/>, with nonces by the key ring that replicas share, and what they need but Redis, which the service adds itself.</summary>
    public static void AddDpopProofs(this IServiceCollection services)
    {
        services.AddDataProtection();
        services.TryAddSingleton<DpopNonces, SealedNonces>();
        AddProofs(services);
    }

    /// <summary>The same where replicas share no key ring: nonces are signed by the service's own key, which all of them have (<c>ServiceClient__Key</c>).</summary>
    public static void AddDpopProofs(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.AddValidatedOptions<ServiceClientOptions, ServiceClientOptions.Validator>(ServiceClientOptions.Section);
        builder.Services.TryAddSingleton<DpopNonces>(services => new SignedNonces(
            Convert.FromBase64String(services.GetRequiredService<IOptions<ServiceClientOptions>>().Value.Key), services.GetRequiredService<TimeProvider>()));
        AddProofs(builder.Services);
    }

    private static void AddProofs(IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ReplayMarks>();
        services.TryAddSingleton<DpopProofs>();
    }
}

/// <summary>What a request says of the key that its sender holds.</summary>
/// <param name="Thumbprint">The key's (RFC 7638); null where the proof is refused.</param>
/// <param name="Error">The word for the answer, or null.</param>
/// <param name="Description">Why, in words of ours.</param>
/// <param name="Nonce">With <see cref="UseNonce"/> the nonce to use, for the header <c>DPoP-Nonce</c>.</param>
public sealed record DpopCheck(string? Thumbprint, string? Error, string? Description, string? Nonce)
{
    /// <summary>The proof is wrong.</summary>
    public const string InvalidProof = "invalid_dpop_proof";

    /// <summary>The proof needs a nonce of the server (RFC 9449, 8).</summary>
    public const string UseNonce = "use_dpop_nonce";

    internal static DpopCheck Of(string thumbprint) => new(thumbprint, Error: null, Description: null, Nonce: null);

    internal static DpopCheck Wrong(string why) => new(Thumbprint: null, InvalidProof, why, Nonce: null);

    internal static DpopCheck Ask(string nonce) => new(Thumbprint: null, UseNonce, "Use the nonce of the header DPoP-Nonce.", nonce);
}

/// <summary>Proofs that the sender of a request holds a key (RFC 9449), so that a token is of no use to who only has the token.</summary>
public sealed class DpopProofs(ReplayMarks marks, DpopNonces nonces, TimeProvider clock)
{
    /// <summary>The header.</summary>
    public const string Header = "DPoP";

    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(60);

    // As long as any replica, its clock late, would take the proof that came from a clock that is ahead.
    private static readonly TimeSpan Keep = MaxAge + (3 * AccessTokenRules.ClockSkew);

    /// <summary>Checks the proof of a request, and takes it out of use.</summary>
    /// <param name="request">The request: its method, and the header.</param>
    /// <param name="address">Its public address by the configuration: the Host header is the caller's own word.</param>
    /// <param name="accessToken">The access token that it came with; null where it asks for one.</param>
    /// <param name="needsNonce">Whether only a proof with a nonce of the server will do.</param>
    /// <param name="cancellationToken">The caller has left.</param>
    /// <exception cref="ReplayMarksUnavailableException">Nobody can tell whether it was used before: answer 503.</exception>
    public async ValueTask<DpopCheck> CheckAsync(
        HttpRequest request, string address, string? accessToken, bool needsNonce, CancellationToken cancellationToken)
    {
        var check = Read(request, address, accessToken, clock, out var claims);
        if (claims is null)
            return check;
        if (claims.Nonce is { } nonce ? !nonces.IsFresh(nonce) : needsNonce)
            return DpopCheck.Ask(nonces.Create());

        // Last, so that only what is right otherwise costs a call and a place in Redis.
        return await marks.TryUseAsync("dpop", check.Thumbprint!, claims.Jti ?? "", Keep, cancellationToken)
            ? check
            : DpopCheck.Wrong("The proof has no usable id, or was used before.");
    }

    /// <summary>The same behind a server that has taken the proof out of use, and whose nonces are its own.</summary>
    internal static DpopCheck CheckAgain(HttpRequest request, string address, string accessToken, TimeProvider clock)
        => Read(request, address, accessToken, clock, out _);

    private static DpopCheck Read(HttpRequest request, string address, string? accessToken, TimeProvider clock, out DpopClaims? claims)
    {
        ArgumentNullException.ThrowIfNull(request);
        claims = null;

        // Of two, this reader and the next might take different ones.
        if (request.Headers[Header] is not [{ } text])
            return DpopCheck.Wrong("There must be one proof.");
        if (DpopProof.Read(text) is not { } proof)
            return DpopCheck.Wrong("The proof is malformed, or its signature wrong.");

        // A proof that was made for another request, and went astray.
        if (proof.Claims.Htm != request.Method || !IsAddress(proof.Claims.Htu, address))
            return DpopCheck.Wrong("The proof is for another request.");
        if (!IsRecent(proof.Claims.Iat, clock.GetUtcNow()))
            return DpopCheck.Wrong("The proof is too old, or from the future.");
        if (accessToken is not null && !IsHashOf(proof.Claims.Ath, accessToken))
            return DpopCheck.Wrong("The proof is for another token.");
        claims = proof.Claims;
        return DpopCheck.Of(proof.Thumbprint);
    }

    private static bool IsRecent(double? issuedAt, DateTimeOffset now)
    {
        var age = (now.ToUnixTimeMilliseconds() / 1000d) - issuedAt;
        return age < (MaxAge + AccessTokenRules.ClockSkew).TotalSeconds && age > -AccessTokenRules.ClockSkew.TotalSeconds;
    }

    private static bool IsHashOf(string? hash, string token)
    {
        var expected = Base64Url.EncodeToUtf8(SHA256.HashData(Encoding.ASCII.GetBytes(token)));
        return hash is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(hash), expected);
    }

    // Written differently it may be the same (RFC 3986, 6.2.2 and 6.2.3): Uri normalises. A user in it is nobody's address.
    private static bool IsAddress(string? claimed, string address)
        => claimed == address
            || (Uri.TryCreate(claimed, UriKind.Absolute, out var written) && written.UserInfo.Length == 0
                && written.GetLeftPart(UriPartial.Path) == new Uri(address).GetLeftPart(UriPartial.Path));
}
