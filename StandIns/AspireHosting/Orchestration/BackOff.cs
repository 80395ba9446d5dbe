namespace SecureShop.StandIns.AspireHosting.Orchestration;

/// <summary>How long to wait before a crashed resource is started again: twice as long each time, until it holds for a minute.</summary>
internal sealed class BackOff
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Stable = TimeSpan.FromMinutes(1);

    public int Crashes { get; private set; }

    /// <summary>Counts a crash after <paramref name="lived"/> and says how long to wait.</summary>
    public TimeSpan Next(TimeSpan lived)
    {
        Crashes = lived >= Stable ? 1 : Crashes + 1;
        var wait = First * Math.Pow(2, Math.Min(Crashes - 1, 10));
        return wait < Longest ? wait : Longest;
    }
}
