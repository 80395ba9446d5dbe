namespace SecureShop.Identity.Accounts;

/// <summary>
/// What an auditor asks for, under ids that never change. Subject ids only: no address, name or e-mail goes into a log.
/// </summary>
internal static partial class SecurityEvents
{
    [LoggerMessage(4001, LogLevel.Information, "Signed in: {Subject} for client {Client}")]
    public static partial void SignedIn(this ILogger logger, string subject, string? client);

    [LoggerMessage(4002, LogLevel.Warning, "Sign-in failed for {Subject}")]
    public static partial void SignInFailed(this ILogger logger, string subject);

    [LoggerMessage(4003, LogLevel.Warning, "Sign-in failed for an address that has no account")]
    public static partial void SignInFailedForNobody(this ILogger logger);

    [LoggerMessage(4004, LogLevel.Warning, "Locked out after repeated failures: {Subject}")]
    public static partial void LockedOut(this ILogger logger, string subject);

    [LoggerMessage(4005, LogLevel.Warning, "Too many attempts: {Kind} throttled for {Seconds} s")]
    public static partial void Throttled(this ILogger logger, string kind, int seconds);

    [LoggerMessage(4006, LogLevel.Information, "Registered: {Subject}")]
    public static partial void Registered(this ILogger logger, string subject);

    [LoggerMessage(4007, LogLevel.Information, "Registration of an address that already has an account: {Subject}")]
    public static partial void RegisteredAgain(this ILogger logger, string subject);

    [LoggerMessage(4008, LogLevel.Information, "Signed out: {Subject}")]
    public static partial void SignedOut(this ILogger logger, string subject);

    [LoggerMessage(4009, LogLevel.Information, "Password hash renewed at the current cost: {Subject}")]
    public static partial void Rehashed(this ILogger logger, string subject);

    [LoggerMessage(4010, LogLevel.Error, "Redis does not answer: attempts are counted by this replica alone, and the lockout in Postgres stays")]
    public static partial void CountingLocally(this ILogger logger, Exception failure);
}
