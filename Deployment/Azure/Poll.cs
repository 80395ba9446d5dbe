namespace SecureShop.Deployment;

/// <summary>Reads a state again and again within a bound, and reports progress.</summary>
internal sealed class Poll(TimeProvider clock, TextWriter output, TimeSpan bound, string what)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(30);

    /// <summary>The first result, or null when the time is over.</summary>
    public async Task<T?> UntilAsync<T>(Func<Task<(T? Result, string State)>> read, CancellationToken cancellation)
        where T : class
    {
        var begin = clock.GetTimestamp();
        var (said, saidAt) = ("", TimeSpan.Zero);
        while (true)
        {
            var (result, state) = await read();
            var passed = clock.GetElapsedTime(begin);
            if (result is not null || passed >= bound)
                return result;
            if (state != said || passed - saidAt >= Silence)
            {
                await output.WriteLineAsync($"  {passed:mm\\:ss}  {what}: {OneLine.Of(state)}".AsMemory(), cancellation);
                (said, saidAt) = (state, passed);
            }

            await Task.Delay(Pause, clock, cancellation);
        }
    }
}
