using SecureShop.ServiceDefaults.Data;
using SecureShop.ServiceDefaults.Events;

namespace SecureShop.Storage.Audit;

/// <summary>
/// Keeps events as part of the transaction that they tell of, so that no crash leaves the one without the other. From there they go to the
/// chained table (<see cref="AuditForwarder{TContext}"/>): were they added to that at once, its lock would let one transaction of
/// the whole service go on at a time.
/// </summary>
/// <remarks>Of such an event the log is told as ever, after the commit; its id is among those that <c>AddAudit</c> was told are kept here.</remarks>
public sealed class AuditTrail(SecurityLog security, TimeProvider clock)
{
    /// <summary>Takes the events of <paramref name="database"/>'s next save.</summary>
    public ILogger In(DbContext database)
        => security.Keeping((happened, context) => database.Add(AuditRows.From<WaitingAuditRow>(happened, context, clock.GetStoredNow())));
}
