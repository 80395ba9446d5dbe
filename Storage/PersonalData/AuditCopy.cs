using System.Text.Json;
using SecureShop.Storage.Audit;

namespace SecureShop.Storage.PersonalData;

/// <summary>What the audit trail says about somebody, for their own copy.</summary>
public static class AuditCopy
{
    /// <summary>The newest first, read as it is written.</summary>
    public static IAsyncEnumerable<object> AuditCopyAbout(this DbContext database, Guid person) => database.AuditAbout(person).AsAsyncEnumerable().Select(row => (object)new
    {
        row.At,
        Id = row.EventId,
        Name = row.EventName,
        row.Reason,
        row.Client,
        row.Network,
        Details = row.Details is null ? (JsonElement?)null : JsonElement.Parse(row.Details),
    });
}
