namespace SecureShop.Testing;

/// <summary>
/// The present, moved on by hand, and stopped where a test counts what happens within a window. For whole services: with
/// FakeTimeProvider their time-outs and retries would never come, and tokens of the real present would begin in the future.
/// </summary>
public sealed class TestClock : TimeProvider
{
    private long offset;
    private DateTimeOffset? stopped;
    private long? stoppedStamp;

    /// <summary>Moves on.</summary>
    public void Advance(TimeSpan by) => Interlocked.Add(ref offset, by.Ticks);

    /// <summary>Lets no time pass but by <see cref="Advance"/>.</summary>
    public void Stop() => (stopped, stoppedStamp) = (System.GetUtcNow(), System.GetTimestamp());

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => (stopped ?? System.GetUtcNow()).AddTicks(Interlocked.Read(ref offset));

    /// <inheritdoc/>
    public override long GetTimestamp()
        => (stoppedStamp ?? System.GetTimestamp()) + (Interlocked.Read(ref offset) * (TimestampFrequency / TimeSpan.TicksPerSecond));
}
