namespace SecureShop.ServiceDefaults.Access;

/// <summary>How strongly somebody has proved who they are (<c>acr</c>, OpenID Connect Core 2), from the weaker to the stronger.</summary>
public static class Acr
{
    /// <summary>One factor: a password.</summary>
    public const string SingleFactor = "urn:secureshop:acr:single-factor";

    /// <summary>Two factors, or a passkey that has checked its person.</summary>
    public const string MultiFactor = "urn:secureshop:acr:multi-factor";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [SingleFactor, MultiFactor];

    /// <summary>Whether <paramref name="acr"/> is as strong as <paramref name="wanted"/>. What nobody knows is not reached.</summary>
    public static bool Reaches(string acr, string wanted) => wanted == acr || (wanted == SingleFactor && acr == MultiFactor);
}
