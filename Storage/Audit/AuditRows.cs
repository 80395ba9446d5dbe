using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using SecureShop.ServiceDefaults.Access;
using SecureShop.ServiceDefaults.Events;
using SecureShop.ServiceDefaults.Limits;

namespace SecureShop.Storage.Audit;

/// <summary>Makes a row of an event: each fact that has a column goes there, the rest into the details, all of it bounded.</summary>
internal static class AuditRows
{
    // The address among them: of it, the network alone is kept.
    private static readonly string[] Columns = ["Reason", "Subject", "Actor", "Client", "Method", "Route", "Status", "Address"];

    public static T From<T>(SecurityEvent happened, HttpContext? context, DateTimeOffset at)
        where T : AuditFacts, new()
    {
        var details = happened.Facts.Where(fact => !Columns.Contains(fact.Key, StringComparer.Ordinal))
            .ToDictionary(fact => fact.Key, fact => fact.Value is int or long ? fact.Value : Text(fact.Value), StringComparer.Ordinal);
        return new T
        {
            Mark = Guid.CreateVersion7(at),
            At = at,
            EventId = happened.Id.Id,
            EventName = Text(happened.Id.Name) ?? "",
            Reason = Text(happened["Reason"]),
            Subject = Text(happened["Subject"]),
            Actor = Text(happened["Actor"] ?? context?.User.SubjectOrNull()),
            Client = Text(happened["Client"]),
            Network = context?.Connection.RemoteIpAddress is { } address ? AddressPrefix.Around(address) : null,
            Method = Text(happened["Method"]),
            Route = Text(happened["Route"], AuditFacts.RouteLength),
            Status = happened["Status"] as int?,
            TraceId = Activity.Current?.TraceId.ToString(),
            Details = details.Count == 0 ? null : JsonSerializer.Serialize(details),
        };
    }

    // What Postgres would refuse must not stop the rows behind it.
    private static string? Text(object? value, int length = AuditFacts.TextLength)
        => value?.ToString() is { } text ? string.Concat(text.EnumerateRunes().Where(rune => !Rune.IsControl(rune)).Take(length)) : null;
}
