namespace SecureShop.Identity.Tokens;

/// <summary>What a client's assertion has to say (RFC 7523, FAPI 2.0 5.3.2.1), whichever engine has found its signature right.</summary>
internal static class AssertionRules
{
    public const string Type = "client-authentication+jwt";

    /// <summary>By how much clocks differ.</summary>
    public static readonly TimeSpan Skew = TimeSpan.FromSeconds(10);

    /// <summary>How long a used one is remembered: as long as any clock that is allowed for would take it.</summary>
    public static readonly TimeSpan Memory = TokenLifetimes.Assertion + TimeSpan.FromMinutes(1);

    /// <summary>What is wrong with it, or null. <paramref name="client"/> is who the request says that it comes from, if it does.</summary>
    public static string? FaultOf(JsonWebToken assertion, string? client, string issuer, DateTime now)
    {
        // Certified clients send no type, or JWT.
        if (assertion.Typ is not (null or "" or "JWT" or Type))
            return "The assertion is of another type.";

        // "crit" names extensions that must be understood (RFC 7515, 4.1.11), and we understand none.
        if (assertion.TryGetHeaderValue<object>("crit", out _))
            return "The assertion's header is not accepted.";

        // Mix-up: the issuer, as one string. In a list it might be meant for another server too, and that could use it here.
        if (!assertion.TryGetPayloadValue<object>("aud", out var audience) || audience as string != issuer)
            return "The assertion is for another server.";
        if (assertion.Subject != assertion.Issuer || (client is not null && client != assertion.Subject))
            return "The assertion is of another client.";

        // Without a given time the library says the year 1.
        if (assertion.ValidTo <= now - Skew || assertion.ValidFrom > now + Skew || assertion.IssuedAt > now + Skew)
            return "The assertion is not good at this time.";

        // Without an end in sight it would have to be remembered for ever.
        return assertion.Id.Length == 0 || assertion.ValidTo > now + Skew + TokenLifetimes.Assertion ? "The assertion needs an id, and an end within five minutes." : null;
    }
}
