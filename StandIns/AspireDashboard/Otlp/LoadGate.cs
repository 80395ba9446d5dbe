using System.Numerics;

namespace SecureShop.StandIns.AspireDashboard.Otlp;

/// <summary>
/// Sheds load: the dashboard shares its processors with the system that it watches. When more arrives than
/// <paramref name="perSecond"/>, a half, a quarter and so on is kept. Which, the trace decides: all services' spans of a
/// trace are kept or none, and whatever passes a narrower gate passes a wider one too.
/// </summary>
internal sealed class LoadGate(int perSecond, TimeProvider clock)
{
    private const int Narrowest = 10;

    // Before it opens again, the load must be well below what the wider gate takes.
    private const double Reserve = 0.8;
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private long _began = clock.GetTimestamp();
    private long _arrived;
    private int _shift;

    /// <summary>One of two to the power of this is kept. What was measured before a pause says nothing any more.</summary>
    public int Shift => clock.GetElapsedTime(Volatile.Read(ref _began)) > 2 * Window ? 0 : Volatile.Read(ref _shift);

    /// <summary>Whether what bears this number passes. Trace ids need not be random in every bit, so they are mixed first.</summary>
    public static bool Keeps(ulong id, int shift) => shift == 0 || (id * 0x9E3779B97F4A7C15UL) >> (64 - shift) == 0;

    /// <summary>Counts what came in, kept or not.</summary>
    public void Arrived(int count)
    {
        lock (_lock)
        {
            _arrived += count;
            var elapsed = clock.GetElapsedTime(_began);
            if (elapsed >= Window)
            {
                var rate = _arrived / elapsed.TotalSeconds;
                Volatile.Write(ref _shift, Math.Max(Needed(rate), Math.Min(_shift, Needed(rate / Reserve))));
                _arrived = 0;
                Volatile.Write(ref _began, clock.GetTimestamp());
            }
            else if (Needed(_arrived / Window.TotalSeconds) is var burst && burst > _shift)
            {
                // A burst is not waited out: there is already more than the whole window may bring.
                Volatile.Write(ref _shift, burst);
            }
        }
    }

    private int Needed(double rate) =>
        rate <= perSecond ? 0 : Math.Min(Narrowest, BitOperations.Log2((uint)Math.Min((rate / perSecond) - 0.001, 1 << Narrowest)) + 1);
}
