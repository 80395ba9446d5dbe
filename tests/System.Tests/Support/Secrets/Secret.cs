namespace SecureShop.SystemTests.Support.Secrets;

/// <summary>A value that must not be found, and what a failure may call it.</summary>
internal sealed record Secret(string Label, byte[] Value)
{
    /// <summary>Shorter values would be found by accident.</summary>
    public const int Shortest = 6;

    private const int Piece = 24;

    public Secret(string label, string value)
        : this(label, System.Text.Encoding.UTF8.GetBytes(value))
    {
    }

    /// <summary>A long value by its beginning and its end: a log that cuts it short has leaked it all the same.</summary>
    public IEnumerable<Secret> Pieces() => Value.Length < 2 * Piece
        ? [this]
        : [new($"{Label} (its beginning)", Value[..Piece]), new($"{Label} (its end)", Value[^Piece..])];
}
