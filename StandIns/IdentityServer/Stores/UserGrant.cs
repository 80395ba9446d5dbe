namespace SecureShop.StandIns.IdentityServer.Stores;

/// <summary>What a code or a refresh token stands for.</summary>
internal sealed record UserGrant
{
    public required string ClientId { get; init; }

    public required string SubjectId { get; init; }

    public string? SessionId { get; init; }

    public required IReadOnlyList<string> Scopes { get; init; }

    public required IReadOnlyList<GrantClaim> Claims { get; init; }

    /// <summary>When the user's consent, by signing in, began.</summary>
    public required DateTime Start { get; init; }

    /// <summary>Of a code: where it was sent; the exchange must name the same.</summary>
    public string? RedirectUri { get; init; }

    /// <summary>Of a code: the hash of the proof key.</summary>
    public string? CodeChallenge { get; init; }

    /// <summary>Of a code: the client's nonce.</summary>
    public string? Nonce { get; init; }

    public ClaimsPrincipal ToPrincipal() =>
        new(new ClaimsIdentity(Claims.Select(claim => new Claim(claim.Type, claim.Value, claim.ValueType)), "grant", ClaimNames.Name, ClaimNames.Role));

    public static IReadOnlyList<GrantClaim> ClaimsOf(ClaimsPrincipal principal) =>
        principal.Claims.Select(claim => new GrantClaim(claim.Type, claim.Value, claim.ValueType)).ToList();
}

/// <summary>A claim of the user at sign-in.</summary>
internal sealed record GrantClaim(string Type, string Value, string ValueType);
