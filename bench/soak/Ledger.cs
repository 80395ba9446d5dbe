using System.Collections.Concurrent;
using System.Net;

namespace SecureShop.Bench.Soak;

/// <summary>What the shop has told its customers: it has to keep to that.</summary>
internal sealed class Ledger
{
    /// <summary>Orders that it took, and whether it said that they are paid.</summary>
    public ConcurrentDictionary<Guid, bool> Taken { get; } = [];

    /// <summary>Orders that it said are cancelled, or will be.</summary>
    public ConcurrentDictionary<Guid, bool> Cancelled { get; } = [];

    /// <summary>Orders of which a seller's lines are on their way, as it said.</summary>
    public ConcurrentDictionary<Guid, bool> Shipped { get; } = [];

    /// <summary>Answers by their status; 0 is none.</summary>
    public ConcurrentDictionary<int, int> Answers { get; } = [];

    public void Answered(HttpStatusCode? status) => Answers.AddOrUpdate(status is { } said ? (int)said : 0, 1, (_, count) => count + 1);
}
