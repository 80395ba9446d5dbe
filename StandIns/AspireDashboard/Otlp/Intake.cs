using SecureShop.StandIns.AspireDashboard.History;

namespace SecureShop.StandIns.AspireDashboard.Otlp;

/// <summary>What became of one kind of telemetry.</summary>
internal sealed class Intake
{
    private long _received;

    public long Received => Volatile.Read(ref _received);

    public Drops Drops { get; } = new();

    public void Count(int received, int dropped, DateTimeOffset now)
    {
        Interlocked.Add(ref _received, received);
        Drops.Add(dropped, now);
    }
}

/// <summary>Reads the telemetry of one request.</summary>
internal interface IOtlpReader
{
    /// <summary>Keeps what is in <paramref name="request"/>.</summary>
    /// <returns>How many items were not kept.</returns>
    /// <exception cref="InvalidDataException">The bytes are no message.</exception>
    int Read(ReadOnlySpan<byte> request);
}
