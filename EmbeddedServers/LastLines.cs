namespace SecureShop.EmbeddedServers;

/// <summary>The end of what a program wrote, for the sentence that says why it failed.</summary>
internal sealed class LastLines
{
    private const int Count = 50;
    private const int TellingCount = 8;
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

    /// <summary>A sentence that says what happened, and below it the lines that tell why.</summary>
    public string Telling(string sentence)
    {
        // What went wrong stands at the head of an unhandled exception, and its stack, already shown above, below it.
        var lines = Read();
        var head = lines.ToList().FindLastIndex(line => line.StartsWith("Unhandled exception", StringComparison.Ordinal));
        var telling = head >= 0 ? lines.Skip(head).Take(TellingCount) : lines.TakeLast(TellingCount);
        return string.Join(Environment.NewLine, [sentence, .. telling.Select(line => "    " + line)]);
    }
}
