using Microsoft.IdentityModel.Tokens;

namespace SecureShop.ServiceDefaults.Tokens;

/// <summary>What a token must be. Each line stops one known forgery.</summary>
internal static class AccessTokenRules
{
    /// <summary>How far two machines' clocks may be apart.</summary>
    public static TimeSpan ClockSkew { get; } = TimeSpan.FromSeconds(10);

    public static TokenValidationParameters For(string issuer, string audience, TimeProvider clock) => new()
    {
        ValidIssuer = issuer,
        ValidateIssuer = true,

        // A token for another API of the same issuer must not work here (confused deputy).
        ValidAudience = audience,
        ValidateAudience = true,

        // An ID token is signed by the same key; only its type tells them apart.
        ValidTypes = ["at+jwt"],

        // "none", and HS256 keyed with the public key's bytes.
        ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256],
        RequireSignedTokens = true,
        ValidateIssuerSigningKey = true,
        TryAllIssuerSigningKeys = false,

        RequireExpirationTime = true,
        ValidateLifetime = true,
        LifetimeValidator = (from, until, _, _) => IsCurrent(from, until, clock.GetUtcNow().UtcDateTime),
        ClockSkew = ClockSkew,

        NameClaimType = "sub",
        RoleClaimType = "role",
    };

    private static bool IsCurrent(DateTime? from, DateTime? until, DateTime now)
        => until is { } end && now < end + ClockSkew && (from is not { } start || now >= start - ClockSkew);
}
