namespace SecureShop.EmbeddedServers;

/// <summary>The end of what a program wrote, for the sentence that says why it failed.</summary>
internal sealed class LastLines
{
    private const int Count = 50;
    private readonly Queue<string> _lines = new();

    public void Add(string line)
    {
        lock (_lines)
        {
            if (_lines.Count == Count)
                _lines.Dequeue();
            _lines.Enqueue(line);
        }
    }

    public IReadOnlyList<string> Read()
    {
        lock (_lines)
            return [.. _lines];
    }
}
