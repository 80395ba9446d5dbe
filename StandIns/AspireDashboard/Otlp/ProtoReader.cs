using System.Buffers.Binary;

namespace SecureShop.StandIns.AspireDashboard.Otlp;

/// <summary>
/// Walks the fields of one protobuf message in place. Everything is checked against the bytes that are there: a length
/// that claims more, a number that never ends or a group (which nests without a length) is refused.
/// </summary>
internal ref struct ProtoReader(ReadOnlySpan<byte> message)
{
    private const int LongestVarint = 10;

    private readonly ReadOnlySpan<byte> _message = message;
    private int _at;
    private int _start;
    private WireType _wire;

    private enum WireType
    {
        Varint = 0,
        Fixed64 = 1,
        Bytes = 2,
        Fixed32 = 5,
    }

    /// <summary>The number of the field that <see cref="Next"/> found.</summary>
    public int Field { get; private set; }

    /// <summary>Whether the field is a run of bytes: of a repeated number, the packed form.</summary>
    public readonly bool IsBytes => _wire == WireType.Bytes;

    /// <summary>The field with its tag, once its value was read or skipped.</summary>
    public readonly ReadOnlySpan<byte> Raw => _message[_start.._at];

    /// <summary>Goes to the next field; its value must then be read or skipped.</summary>
    /// <exception cref="InvalidDataException">The bytes are no message.</exception>
    public bool Next()
    {
        if (_at == _message.Length)
            return false;
        _start = _at;
        var tag = ReadVarint();
        _wire = (WireType)(tag & 7);
        Field = (int)(tag >> 3);
        return tag <= uint.MaxValue && Field != 0 ? true : throw Malformed();
    }

    public ulong Varint() => _wire == WireType.Varint ? ReadVarint() : throw Malformed();

    public ulong Fixed64() => _wire == WireType.Fixed64 ? BinaryPrimitives.ReadUInt64LittleEndian(Take(sizeof(ulong))) : throw Malformed();

    public double Double() => BitConverter.UInt64BitsToDouble(Fixed64());

    public ReadOnlySpan<byte> Bytes()
    {
        if (_wire != WireType.Bytes)
            throw Malformed();
        var length = ReadVarint();
        return length <= (ulong)(_message.Length - _at) ? Take((int)length) : throw Malformed();
    }

    public void Skip()
    {
        switch (_wire)
        {
            case WireType.Varint:
                ReadVarint();
                break;
            case WireType.Fixed64:
                Take(sizeof(ulong));
                break;
            case WireType.Bytes:
                Bytes();
                break;
            case WireType.Fixed32:
                Take(sizeof(uint));
                break;
            default:
                throw Malformed();
        }
    }

    /// <summary>The first field of that number, as bytes; empty when there is none.</summary>
    public static ReadOnlySpan<byte> Find(ReadOnlySpan<byte> message, int field)
    {
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            if (reader.Field == field)
                return reader.Bytes();
            reader.Skip();
        }

        return default;
    }

    private static InvalidDataException Malformed() => new("These bytes are no message of OTLP.");

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _message.Length - _at)
            throw Malformed();
        var taken = _message.Slice(_at, count);
        _at += count;
        return taken;
    }

    private ulong ReadVarint()
    {
        ulong value = 0;
        for (var i = 0; i < LongestVarint && _at < _message.Length; i++)
        {
            var next = _message[_at++];
            value |= (ulong)(next & 0x7f) << (7 * i);
            if (next < 0x80)
                return value;
        }

        throw Malformed();
    }
}
