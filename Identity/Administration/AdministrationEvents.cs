namespace SecureShop.Identity.Administration;

/// <summary>What an auditor asks for about rights (docs/events.md): who changed them, and whose.</summary>
internal static partial class AdministrationEvents
{
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
}

/// <summary>Why a change of rights is refused.</summary>
internal static class RightsRefusal
{
    /// <summary>Nobody changes what they may do themselves.</summary>
    public const string Own = "own_rights";

    /// <summary>Nobody would be left who may change rights.</summary>
    public const string LastAdmin = "last_admin";
}
