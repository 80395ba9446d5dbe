using System.Buffers.Binary;

namespace SecureShop.Dashboard.Tests.Support;

/// <summary>A span to send.</summary>
internal sealed record SampleSpan(UInt128 Trace, ulong Id, ulong Parent, string Name)
{
    public int Kind { get; init; } = 2;

    public DateTimeOffset Start { get; init; } = TimeProvider.System.GetUtcNow();

    public TimeSpan Duration { get; init; } = TimeSpan.FromMilliseconds(5);

    /// <summary>0 unset, 1 ok, 2 error.</summary>
    public int Status { get; init; }

    public string? StatusMessage { get; init; }

    public IReadOnlyDictionary<string, object?> Attributes { get; init; } = new Dictionary<string, object?>();

    public IReadOnlyList<(string Name, IReadOnlyDictionary<string, object?> Attributes)> Events { get; init; } = [];

    public IReadOnlyList<(UInt128 Trace, ulong Span)> Links { get; init; } = [];

    public static byte[] Bytes(UInt128 trace)
    {
        var bytes = new byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, trace);
        return bytes;
    }

    public static byte[] Bytes(ulong span)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, span);
        return bytes;
    }

    public static ulong Nanoseconds(DateTimeOffset time) => (ulong)(time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) * 100;

    public byte[] Write() => OtlpWriter.Message(output =>
    {
        output.Bytes(1, Bytes(Trace));
        output.Bytes(2, Bytes(Id));
        if (Parent != 0)
            output.Bytes(4, Bytes(Parent));
        output.Text(5, Name);
        output.Varint(6, Kind);
        output.Fixed64(7, Nanoseconds(Start));
        output.Fixed64(8, Nanoseconds(Start + Duration));
        output.Attributes(9, Attributes);
        foreach (var (name, attributes) in Events)
        {
            output.Bytes(11, OtlpWriter.Message(happened =>
            {
                happened.Fixed64(1, Nanoseconds(Start + (Duration / 2)));
                happened.Text(2, name);
                happened.Attributes(3, attributes);
            }));
        }

        foreach (var (trace, span) in Links)
        {
            output.Bytes(13, OtlpWriter.Message(link =>
            {
                link.Bytes(1, Bytes(trace));
                link.Bytes(2, Bytes(span));
            }));
        }

        if (Status != 0)
        {
            output.Bytes(15, OtlpWriter.Message(status =>
            {
                if (StatusMessage is not null)
                    status.Text(2, StatusMessage);
                status.Varint(3, Status);
            }));
        }
    });
}
