namespace SecureShop.StandIns.AspireHosting.Orchestration;

/// <summary>Something that runs: a process, or a server that looks after its own.</summary>
/// <param name="ProcessId">Null where it is several processes.</param>
/// <param name="Exited">Completes with the exit code.</param>
/// <param name="StopAsync">Asks it to end, and kills it after the grace.</param>
/// <param name="Owned">What has to be disposed of.</param>
internal sealed record Instance(int? ProcessId, Task<int> Exited, Func<TimeSpan, Task> StopAsync, IAsyncDisposable Owned) : IAsyncDisposable
{
    public ValueTask DisposeAsync() => Owned.DisposeAsync();
}
