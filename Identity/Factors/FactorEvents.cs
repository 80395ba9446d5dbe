namespace SecureShop.Identity.Factors;

/// <summary>What an auditor asks for about second factors, under ids that never change (docs/events.md).</summary>
internal static partial class FactorEvents
{
    [LoggerMessage(4050, LogLevel.Information, "A factor was added: {Factor} of {Subject}")]
    public static partial void FactorAdded(this ILogger security, string subject, string factor);

    [LoggerMessage(4051, LogLevel.Information, "A factor was removed: {Factor} of {Subject}")]
    public static partial void FactorRemoved(this ILogger security, string subject, string factor);

    [LoggerMessage(4052, LogLevel.Warning, "The last factor of {Subject} stays: {Reason}")]
    public static partial void FactorKept(this ILogger security, string subject, string reason = IdentityRefusal.FactorNeeded);

    [LoggerMessage(4053, LogLevel.Information, "A second factor was shown: {Factor} by {Subject}")]
    public static partial void FactorShown(this ILogger security, string subject, string factor);

    [LoggerMessage(4054, LogLevel.Warning, "A second factor was refused: {Factor} of {Subject}: {Reason}")]
    public static partial void FactorRefused(this ILogger security, string subject, string factor, string reason);

    // Whose it was said to be is left out: nobody proved it.
    [LoggerMessage(4055, LogLevel.Warning, "A passkey was refused: {Reason}")]
    public static partial void PasskeyRefused(this ILogger security, string reason = IdentityRefusal.Passkey);

    [LoggerMessage(4056, LogLevel.Information, "Recovery codes were made for {Subject}")]
    public static partial void RecoveryCodesMade(this ILogger security, string subject);
}

/// <summary>The factors, as events and letters name them.</summary>
internal static class FactorName
{
    public const string Authenticator = "authenticator";
    public const string Passkey = "passkey";
    public const string RecoveryCode = "recovery_code";
}
