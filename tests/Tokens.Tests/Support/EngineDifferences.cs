namespace SecureShop.Tokens.Tests.Support;

/// <summary>
/// Where what goes over the wire is the library's own choice, and a client may rely on neither: all that the two engines do differently.
/// </summary>
internal static class EngineDifferences
{
    /// <summary>Claims of access tokens beyond those that the shop wants.</summary>
    public static IReadOnlyList<string> AccessTokenClaims { get; } = Engine.IsDuende ? ["grant_id", "nbf"] : ["oi_au_id", "oi_prst", "oi_tkn_id"];

    /// <summary>What is said to who claims to be a client and offers no proof at all.</summary>
    public static string NoProof => Engine.IsDuende ? "invalid_client" : "invalid_request";

    /// <summary>What is said to a service that wants a refresh token for itself.</summary>
    public static string RefreshTokenOfAService => Engine.IsDuende ? "invalid_scope" : "invalid_request";

    /// <summary>Claims of ID tokens beyond those that the shop wants.</summary>
    public static IReadOnlyList<string> IdTokenClaims { get; } = Engine.IsDuende ? ["nbf"] : ["azp", "oi_au_id"];

    /// <summary>How the page that posts an answer writes the name of a field.</summary>
    public static string FieldName(string name) => Engine.IsDuende ? $"name='{name}'" : $"name=\"{name}\"";
}
