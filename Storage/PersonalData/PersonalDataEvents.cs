using System.Diagnostics.Metrics;
using SecureShop.ServiceDefaults.Telemetry;

namespace SecureShop.Storage.PersonalData;

/// <summary>The security events of what people ask for (docs/events.md): the first two with who keeps the requests, the others with each service that answers.</summary>
internal static partial class PersonalDataEvents
{
    /// <summary>Rows of the audit trail of every service.</summary>
    public const int Exported = 4083;

    /// <summary>As <see cref="Exported"/>.</summary>
    public const int Erased = 4084;

    [LoggerMessage(4073, LogLevel.Information, "A copy of all personal data was asked for: {Subject}")]
    public static partial void ExportAsked(this ILogger security, string subject);

    [LoggerMessage(4074, LogLevel.Information, "{Service} has answered for {Subject}: {Kind} is {State}")]
    public static partial void PersonalPartAnswered(this ILogger security, string subject, string service, string kind, string state);

    [LoggerMessage(Exported, LogLevel.Information, "What is kept about {Subject} was given to Identity")]
    public static partial void PersonalDataExported(this ILogger security, string subject);

    [LoggerMessage(Erased, LogLevel.Warning, "What is kept about {Subject} was erased")]
    public static partial void PersonalDataErased(this ILogger security, string subject);
}

/// <summary>Counts what becomes of what people ask for.</summary>
internal static class PersonalDataMetrics
{
    private static readonly Counter<long> Parts = ShopMetrics.Meter.CreateCounter<long>(
        "secureshop.personal_data.parts", "{part}", "What people asked a service for, by kind and by what came of it.");

    public static void Tried(string kind, string result)
        => Parts.Add(1, new KeyValuePair<string, object?>("kind", kind), new KeyValuePair<string, object?>("result", result));
}
