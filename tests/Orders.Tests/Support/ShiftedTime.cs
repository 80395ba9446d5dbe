namespace SecureShop.Orders.Tests.Support;

/// <summary>The machine's clock, moved on by the test; timers run as ever.</summary>
public sealed class ShiftedTime : TimeProvider
{
    private long ticks;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref ticks));

    public void Advance(TimeSpan time) => Interlocked.Add(ref ticks, time.Ticks);
}
