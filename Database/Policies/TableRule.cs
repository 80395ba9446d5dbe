using SecureShop.Storage.Data.Callers;

namespace SecureShop.Database.Policies;

/// <summary>
/// Which rows of a table the service may read, add, change and remove, each a condition of <see cref="Who"/>. What is not said is refused.
/// What is changed has to be readable, and in the caller's reach before and after.
/// </summary>
internal sealed record TableRule(string Table)
{
    public string Read { get; init; } = Who.Nobody;

    public string Add { get; init; } = Who.Nobody;

    public string Change { get; init; } = Who.Nobody;

    public string Remove { get; init; } = Who.Nobody;

    /// <summary>Why the table needs none of it: there is nobody's data in it.</summary>
    public string? Open { get; init; }

    /// <summary>A table all of whose rows may be dealt with in every way by <paramref name="who"/>.</summary>
    public static TableRule For(string table, string who) => new(table) { Read = who, Add = who, Change = who, Remove = who };

    /// <summary>The audit trail of a schema: written and gone on with by its writer, read by administrators and by whom it is about.</summary>
    public static TableRule AuditTrail { get; } = new("audit_events")
    {
        Read = Who.Any(Who.Owns("subject"), Who.Does(DatabaseTask.Audit, DatabaseTask.Administration)),
        Add = Who.Does(DatabaseTask.Audit),
    };

    /// <summary>What transactions keep for the trail: added by <paramref name="who"/> makes them, and read by nobody but the schema's owner.</summary>
    public static TableRule WaitingAudit(string who) => new("audit_waiting") { Add = who };

    /// <summary>A table without row-level security.</summary>
    public static TableRule OpenFor(string table, string reason) => new(table) { Open = reason };
}

/// <summary>
/// A view, which is the owner's and so not under the policies of its tables: it says itself what is to be seen. For what everyone may see, where
/// policies would keep Postgres from searching by an index (a search is no comparison that Postgres trusts to keep what it sees to itself);
/// and for what one table's policy has to ask of another whose policy asks it back. The service can only read it.
/// </summary>
/// <param name="Name">Of the view.</param>
/// <param name="Query">What it shows.</param>
internal sealed record OwnerView(string Name, string Query);
