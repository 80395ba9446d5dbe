namespace SecureShop.Identity.PersonalData;

/// <summary>What an auditor asks for about people's own data (docs/events.md).</summary>
internal static partial class PersonalDataEvents
{
    [LoggerMessage(4071, LogLevel.Information, "Personal data exported: {Subject}")]
    public static partial void DataExported(this ILogger security, string subject);

    [LoggerMessage(4072, LogLevel.Warning, "Account erased: {Subject}")]
    public static partial void AccountErased(this ILogger security, string subject);
}
