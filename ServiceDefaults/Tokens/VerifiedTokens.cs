using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;
using SecureShop.ServiceDefaults.Revocations;

namespace SecureShop.ServiceDefaults.Tokens;

/// <summary>
/// Tokens that have passed every check, so that a token's signature is verified once and not with each of its requests. Bounded: two halves,
/// of which the older goes when the younger is full, and what is still used moves on to it. More good tokens than fit only cost their checks.
/// </summary>
internal sealed class VerifiedTokens
{
    private const int Half = 5_000;

    private readonly Lock gate = new();
    private volatile ConcurrentDictionary<TokenName, VerifiedToken> younger = new();
    private volatile ConcurrentDictionary<TokenName, VerifiedToken> older = new();

    public VerifiedToken? Find(in TokenName name)
    {
        if (younger.TryGetValue(name, out var known))
            return known;
        if (older.TryGetValue(name, out known))
            Add(name, known);
        return known;
    }

    public void Add(in TokenName name, VerifiedToken token)
    {
        lock (gate)
        {
            if (younger.Count >= Half)
                (older, younger) = (younger, new());
            younger[name] = token;
        }
    }
}

/// <summary>A token and the API that it was checked for. By its hash, of which nobody finds another, and which is as short for all.</summary>
internal readonly record struct TokenName(UInt128 High, UInt128 Low, string? Audience)
{
    public static TokenName Of(string token, string? audience)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(MemoryMarshal.AsBytes(token.AsSpan()), hash);
        var halves = MemoryMarshal.Cast<byte, UInt128>(hash);
        return new(halves[0], halves[1], audience);
    }

    public override int GetHashCode() => Low.GetHashCode();
}

/// <summary>What was found, with the key that it hangs on and what it may be revoked by.</summary>
internal sealed record VerifiedToken(Task<TokenValidationResult> Result, SecurityKey Key, TokenFacts Facts, DateTime Until);

/// <summary>The one identity of all requests with a token: a claim that one of them added would be a right of all the others.</summary>
internal sealed class SharedIdentity(ClaimsIdentity of) : CaseSensitiveClaimsIdentity(of.Claims, of.AuthenticationType, of.NameClaimType, of.RoleClaimType)
{
    private const string ItIsShared = "The claims of a token are those of all requests with it. Make an identity of your own.";

    public override void AddClaim(Claim claim) => throw new InvalidOperationException(ItIsShared);

    public override void AddClaims(IEnumerable<Claim?> claims) => throw new InvalidOperationException(ItIsShared);

    public override void RemoveClaim(Claim? claim) => throw new InvalidOperationException(ItIsShared);

    public override bool TryRemoveClaim(Claim? claim) => throw new InvalidOperationException(ItIsShared);
}
