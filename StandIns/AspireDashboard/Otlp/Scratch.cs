namespace SecureShop.StandIns.AspireDashboard.Otlp;

/// <summary>Gathers the fields of a message that are kept as they came, up to a bound; used again for the next one.</summary>
internal sealed class Scratch(int most)
{
    private readonly byte[] _bytes = new byte[most];
    private int _count;

    /// <summary>Whether everything found room.</summary>
    public bool IsWhole { get; private set; }

    public void Clear()
    {
        _count = 0;
        IsWhole = true;
    }

    public void Add(ReadOnlySpan<byte> field)
    {
        if (field.TryCopyTo(_bytes.AsSpan(_count)))
            _count += field.Length;
        else
            IsWhole = false;
    }

    public void LeaveOut() => IsWhole = false;

    public byte[] ToArray() => _count == 0 ? [] : _bytes.AsSpan(0, _count).ToArray();
}
