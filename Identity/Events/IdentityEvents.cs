namespace SecureShop.Identity.Events;

/// <summary>
/// What an auditor asks for, under ids that never change (docs/events.md). People appear by their subject id and API keys by that of their
/// row: no name and no e-mail address goes into a log.
/// </summary>
internal static partial class IdentityEvents
{
    [LoggerMessage(4001, LogLevel.Information, "Signed in: {Subject} for client {Client}")]
    public static partial void SignedIn(this ILogger security, string subject, string? client);

    [LoggerMessage(4002, LogLevel.Warning, "Sign-in failed for {Subject}: {Reason}")]
    public static partial void SignInFailed(this ILogger security, string subject, string reason);

    [LoggerMessage(4003, LogLevel.Warning, "Sign-in failed for an address that has no account: {Reason}")]
    public static partial void SignInUnknown(this ILogger security, string reason = IdentityRefusal.UnknownAccount);

    [LoggerMessage(4004, LogLevel.Warning, "Shut for a while to devices that are not known, after repeated failures: {Subject} ({Reason})")]
    public static partial void LockedOut(this ILogger security, string subject, string reason = IdentityRefusal.LockedOut);

    [LoggerMessage(4005, LogLevel.Warning, "Too many attempts: {Kind} {Reason} for {Seconds} s")]
    public static partial void AttemptsThrottled(this ILogger security, string kind, int seconds, string reason = IdentityRefusal.Throttled);

    [LoggerMessage(4006, LogLevel.Information, "Registered: {Subject}")]
    public static partial void Registered(this ILogger security, string subject);

    [LoggerMessage(4007, LogLevel.Information, "Registration of an address that already has an account: {Subject}")]
    public static partial void RegisteredAgain(this ILogger security, string? subject);

    [LoggerMessage(4008, LogLevel.Information, "Signed out: {Subject}")]
    public static partial void SignedOut(this ILogger security, string subject);

    [LoggerMessage(4009, LogLevel.Information, "Password hash renewed at the current cost: {Subject}")]
    public static partial void Rehashed(this ILogger security, string subject);

    [LoggerMessage(4010, LogLevel.Error, "Redis does not answer: attempts are counted by this replica alone")]
    public static partial void CountingLocally(this ILogger security, Exception failure);

    // Which client it said it was is left out: nobody proved it.
    [LoggerMessage(4021, LogLevel.Warning, "A client did not prove itself: {Reason}")]
    public static partial void ClientRefused(this ILogger security, string reason = IdentityRefusal.ClientAuthentication);

    [LoggerMessage(4022, LogLevel.Warning, "A grant of client {Client} and user {Subject} was refused: {Reason}")]
    public static partial void GrantRefused(this ILogger security, string? client, string? subject, string reason);

    [LoggerMessage(4023, LogLevel.Warning, "A request for authorization was refused: {Reason}")]
    public static partial void AuthorizationRefused(this ILogger security, string reason = IdentityRefusal.Authorization);

    [LoggerMessage(4030, LogLevel.Information, "E-mail address confirmed: {Subject}")]
    public static partial void EmailConfirmed(this ILogger security, string subject);

    [LoggerMessage(4031, LogLevel.Information, "A link to reset the password was asked for: {Subject}")]
    public static partial void ResetAsked(this ILogger security, string subject);

    [LoggerMessage(4032, LogLevel.Warning, "Password reset by a link, all sessions ended: {Subject}")]
    public static partial void PasswordReset(this ILogger security, string subject);

    [LoggerMessage(4033, LogLevel.Information, "Password changed, other sessions ended: {Subject}")]
    public static partial void PasswordChanged(this ILogger security, string subject);

    [LoggerMessage(4034, LogLevel.Warning, "Password not changed, the present one was wrong: {Subject} ({Reason})")]
    public static partial void PasswordNotChanged(this ILogger security, string subject, string reason = IdentityRefusal.WrongPassword);

    [LoggerMessage(4035, LogLevel.Information, "A new e-mail address waits to be confirmed: {Subject}")]
    public static partial void EmailChangeAsked(this ILogger security, string subject);

    [LoggerMessage(4036, LogLevel.Warning, "E-mail address changed: {Subject}")]
    public static partial void EmailChanged(this ILogger security, string subject);

    // Whose it says to be is left out: nobody proved it.
    [LoggerMessage(4037, LogLevel.Warning, "A link of a letter is used, too old or made up: {Reason}")]
    public static partial void LinkRefused(this ILogger security, string reason = IdentityRefusal.Link);

    [LoggerMessage(4039, LogLevel.Information, "Name changed: {Subject}")]
    public static partial void NameChanged(this ILogger security, string subject);

    [LoggerMessage(4040, LogLevel.Information, "A session was ended by its person from elsewhere: {Subject}")]
    public static partial void SessionEnded(this ILogger security, string subject);

    [LoggerMessage(4041, LogLevel.Information, "All other sessions, and what was granted to clients, were ended for {Subject}: {Count}")]
    public static partial void SessionsEnded(this ILogger security, string subject, int count);

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

    [LoggerMessage(4061, LogLevel.Information, "API key {Key} made: {Subject}")]
    public static partial void ApiKeyMade(this ILogger security, string subject, Guid key);

    [LoggerMessage(4062, LogLevel.Information, "API key {Key} replaced by {Successor}: {Subject}")]
    public static partial void ApiKeyRotated(this ILogger security, string subject, Guid key, Guid successor);

    [LoggerMessage(4063, LogLevel.Information, "API key {Key} revoked: {Subject}")]
    public static partial void ApiKeyRevoked(this ILogger security, string subject, Guid key);

    [LoggerMessage(4064, LogLevel.Warning, "API key {Key} of {Subject} refused: {Reason}")]
    public static partial void ApiKeyRefused(this ILogger security, string? subject, Guid? key, string reason);

    [LoggerMessage(4065, LogLevel.Warning, "Role {Role} granted to {Subject} by {Actor}")]
    public static partial void RoleGranted(this ILogger security, string subject, string actor, string role);

    [LoggerMessage(4066, LogLevel.Warning, "Role {Role} taken from {Subject} by {Actor}")]
    public static partial void RoleTaken(this ILogger security, string subject, string actor, string role);

    [LoggerMessage(4067, LogLevel.Warning, "Account of {Subject} disabled by {Actor}")]
    public static partial void AccountDisabled(this ILogger security, string subject, string actor);

    [LoggerMessage(4068, LogLevel.Warning, "Account of {Subject} enabled by {Actor}")]
    public static partial void AccountEnabled(this ILogger security, string subject, string actor);

    [LoggerMessage(4069, LogLevel.Warning, "A change of {Subject} by {Actor} was refused: {Reason}")]
    public static partial void RightsChangeRefused(this ILogger security, string subject, string actor, string reason);

    [LoggerMessage(4070, LogLevel.Warning, "All sessions of {Subject} ended by {Actor}")]
    public static partial void SessionsEndedByAdmin(this ILogger security, string subject, string actor);

    [LoggerMessage(4071, LogLevel.Information, "Personal data exported: {Subject}")]
    public static partial void DataExported(this ILogger security, string subject);

    [LoggerMessage(4072, LogLevel.Warning, "Account erased: {Subject}")]
    public static partial void AccountErased(this ILogger security, string subject);
}
