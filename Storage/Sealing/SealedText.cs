namespace SecureShop.Storage.Sealing;

/// <summary>A row with texts that it keeps sealed. It is read together with the key of its person, by one statement (the key's navigation is always included).</summary>
public interface ISealedRow
{
    /// <summary>The row's id, to which its texts are bound. Its text is the id of the person, whose key it is.</summary>
    Guid Row { get; }

    /// <summary>The key of its person; made with the row, where there is none yet.</summary>
    DataKey? Key { get; set; }

    /// <summary>All its sealed texts.</summary>
    IReadOnlyList<SealedText> Texts { get; }
}

/// <summary>
/// A text that its row keeps sealed for its own place, by the key of its person: opened when somebody asks for it, closed when the row is
/// saved (<see cref="SealedRows"/>). No query sees it, and none can forget to seal it.
/// </summary>
/// <param name="table">The row's table.</param>
/// <param name="column">The column that has it.</param>
public sealed class SealedText(string table, string column)
{
    private byte[]? closed;
    private string? text;
    private bool isOpen = true;

    /// <summary>As the column has it; for the mapping alone.</summary>
    public byte[]? Closed
    {
        get => closed;
        set => (closed, text, isOpen) = (value, null, value is null);
    }

    /// <summary>The text.</summary>
    /// <exception cref="BrokenSealException">It does not open.</exception>
    public string? Text
    {
        get
        {
            if (!isOpen)
                (text, isOpen) = ((Opening ?? throw new InvalidOperationException($"{table}.{column} was read past what opens it."))(this), true);
            return text;
        }

        set
        {
            if (!isOpen || text != value)
                (text, isOpen, Waits) = (value, true, true);
        }
    }

    /// <summary>How it opens; told by who read the row.</summary>
    internal Func<SealedText, string?>? Opening { get; set; }

    /// <summary>Whether it has changed since the row was read or saved.</summary>
    internal bool Waits { get; private set; }

    internal string? Open(PersonalSeal seal, Guid row) => seal.Open(new(table, row, column), closed);

    internal void Close(PersonalSeal seal, Guid row)
    {
        if (Waits)
            (closed, Waits) = (seal.Close(new(table, row, column), text), false);
    }
}
