namespace SecureShop.Identity.Factors;

/// <summary>The factors, as events and letters name them.</summary>
internal static class FactorName
{
    public const string Authenticator = "authenticator";
    public const string Passkey = "passkey";
    public const string RecoveryCode = "recovery_code";
}
