using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using SecureShop.Firewall;
using SecureShop.Gateway.Doors;

namespace SecureShop.Gateway.Firewall;

/// <summary>What is not judged, and why: a false alarm there would shut an honest caller out, and nothing that reads it takes it for code.</summary>
internal sealed class FirewallExclusions(IOptions<FirewallOptions> options)
{
    // Proofs: letters and digits that a signature or a seal covers, or what a strict parser reads. Each is checked where it is used.
    private static readonly HashSet<string> Headers = new(StringComparer.OrdinalIgnoreCase)
    {
        HeaderNames.Authorization, "DPoP", HeaderNames.Cookie, HeaderNames.Host, HeaderNames.ContentType, HeaderNames.ContentLength, HeaderNames.Connection,
    };

    // __Host-: ours, sealed by the key ring. Whatever else is in one is thrown away unread.
    private const string Sealed = "__Host-";

    private static readonly FirewallExclusion[] Own =
    [
        // Passwords are hashed and shown nowhere, and the best ones look like attacks.
        .. Everything("/account", "Password", "NewPassword", "CurrentPassword", "OldPassword", "ConfirmPassword", "Code", "RecoveryCode", "__RequestVerificationToken", "Token", "Credential"),

        // Codes, keys and signed tokens: compared, or verified, and never part of a text.
        .. Everything("/connect", "code", "code_verifier", "code_challenge", "client_secret", "client_assertion", "refresh_token", "token", "assertion", "request", "id_token_hint", "state", "nonce", "__RequestVerificationToken", "password"),

        // Native apps listen on the loopback address (RFC 8252). The identity server compares these with what is registered, exactly.
        .. ((string[])["redirect_uri", "post_logout_redirect_uri", "ReturnUrl", "resource"]).Select(field => new FirewallExclusion { Field = field, Rule = "ssrf" }),
        .. ((string[])["Origin", "Referer", "X-Forwarded-For", "X-Forwarded-Host", "Forwarded", "Via"]).Select(field => new FirewallExclusion { Field = field, Rule = "ssrf" }),
    ];

    private readonly FirewallExclusion[] all = [.. Own, .. options.Value.Exclusions];
    private readonly PathString[] watched = [.. options.Value.DetectOnly.Select(path => new PathString(path == "/" ? "" : path.TrimEnd('/')))];

    public static bool IsJudgedHeader(string name) => !Headers.Contains(name);

    public static bool IsJudgedCookie(string name) => !name.StartsWith(Sealed, StringComparison.Ordinal);

    /// <summary>The path as the caller wrote it, without the tree of the identity origin.</summary>
    public static PathString PathOf(HttpContext context)
        => context.Request.Path.StartsWithSegments(IdentityTree.Root, StringComparison.Ordinal, out var inside) ? inside : context.Request.Path;

    public bool IsExcluded(PathString path, Rule rule, string field) => Array.Exists(all, exclusion => exclusion.Covers(path, rule, field));

    /// <summary>Whether a hit on this path is an event and no refusal.</summary>
    public bool IsWatchedOnly(PathString path) => Array.Exists(watched, prefix => path.StartsWithSegments(prefix, StringComparison.OrdinalIgnoreCase));

    private static IEnumerable<FirewallExclusion> Everything(string path, params IEnumerable<string> fields)
        => fields.Select(field => new FirewallExclusion { Path = path, Field = field });
}
