namespace SecureShop.StandIns.AspireDashboard.History;

/// <summary>A line of a resource's console.</summary>
internal sealed class ConsoleEntry(DateTimeOffset time, string resource, string replica, string text) : IEntry
{
    public long Sequence { get; set; }

    public DateTimeOffset Time => time;

    public string Resource => resource;

    public string Replica => replica;

    public string Text => text;

    // Objects, references and the text; the names are shared with all other lines.
    public int Size => 96 + (text.Length * sizeof(char));
}
