namespace SecureShop.StandIns.AspireDashboard;

/// <summary>What resources wrote, as far back as a bounded memory goes.</summary>
public sealed class ConsoleHistory
{
    /// <summary>Adds a line; never blocks and never throws.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="replica">Its copy, as <see cref="ReplicaSnapshot.Name"/>.</param>
    /// <param name="text">The line, cut where it is too long.</param>
    public void Add(string resource, string replica, string text)
    {
    }
}
