using System.Buffers;
using System.Collections.Frozen;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using SecureShop.Firewall;
using SecureShop.Gateway.Doors;

namespace SecureShop.Gateway.Firewall;

/// <summary>What is not judged, and why: a false alarm there would shut an honest caller out, and nothing that reads it takes it for code.</summary>
internal sealed class FirewallExclusions(IOptions<FirewallOptions> options)
{
    private const string Pages = "/account";
    private const string Protocol = "/connect";

    // Signed or sealed, and verified as a whole where they are used. Read as text they name our own addresses, which are inside ones on
    // a developer's machine. What has other letters than a token is none, and judged: ${jndi:ldap://...} in place of one.
    private static readonly FrozenSet<string> TokenHeaders = FrozenSet.Create(StringComparer.OrdinalIgnoreCase, HeaderNames.Authorization, "DPoP");
    private static readonly FrozenSet<string> TokenParameters = FrozenSet.Create(StringComparer.Ordinal, "client_assertion", "id_token_hint", "request", "token");

    // In a query we take none (RFC 6750, 2.3): the caller is told so with a 401, wherever they try.
    private const string AccessToken = "access_token";

    private static readonly SearchValues<char> TokenLetters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/= ");

    // Sealed by the key ring. Whatever else is in one is thrown away unread.
    private const string SealedCookies = "__Host-";

    private static readonly FirewallExclusion[] Own =
    [
        // Hashed and shown nowhere, and the best ones look like attacks.
        new() { Path = Pages, Field = "Password" },
        new() { Path = Pages, Field = "Present" },
        new() { Path = Protocol, Field = "client_secret" },

        // Native apps listen on the loopback address (RFC 8252). Each is compared with what is registered, or must be a path of ours.
        new() { Path = Protocol, Field = "redirect_uri", Rule = "ssrf" },
        new() { Path = Protocol, Field = "post_logout_redirect_uri", Rule = "ssrf" },
        new() { Path = Protocol, Field = "resource", Rule = "ssrf" },
        new() { Path = Pages, Field = "ReturnUrl", Rule = "ssrf" },

        // A page's own address, which no server calls; in a passkey's answer it is what the authenticator signed.
        new() { Field = HeaderNames.Origin, Rule = "ssrf" },
        new() { Field = HeaderNames.Referer, Rule = "ssrf" },
        new() { Path = Pages, Field = "Credential", Rule = "ssrf" },
    ];

    private readonly FirewallExclusion[] all = [.. Own, .. options.Value.Exclusions];
    private readonly PathString[] watched = [.. options.Value.DetectOnly.Select(path => new PathString(path == "/" ? "" : path.TrimEnd('/')))];

    /// <summary>Whether a field holds a token and nothing else, which who it is for verifies.</summary>
    public static bool IsToken(PathString path, FieldKind kind, string name, ReadOnlySpan<char> value)
    {
        var expected = kind switch
        {
            FieldKind.Header => TokenHeaders.Contains(name),
            FieldKind.Cookie => name.StartsWith(SealedCookies, StringComparison.Ordinal),
            FieldKind.QueryValue or FieldKind.FormValue => name == AccessToken || (TokenParameters.Contains(name) && path.StartsWithSegments(Protocol, StringComparison.OrdinalIgnoreCase)),
            _ => false,
        };
        return expected && !value.ContainsAnyExcept(TokenLetters);
    }

    /// <summary>The path as the caller wrote it, without the tree of the identity origin.</summary>
    public static PathString PathOf(HttpContext context)
        => context.Request.Path.StartsWithSegments(IdentityTree.Root, StringComparison.Ordinal, out var inside) ? inside : context.Request.Path;

    public bool IsExcluded(PathString path, Rule rule, string field) => Array.Exists(all, exclusion => exclusion.Covers(path, rule, field));

    /// <summary>Whether a hit on this path is an event and no refusal.</summary>
    public bool IsWatchedOnly(PathString path) => Array.Exists(watched, prefix => path.StartsWithSegments(prefix, StringComparison.OrdinalIgnoreCase));
}
