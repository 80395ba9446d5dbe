using System.Globalization;
using System.Threading.Channels;

namespace SecureShop.StandIns.AspireHosting.Orchestration;

/// <summary>
/// Writes what resources say, each line after its resource's name. Lines wait in a bounded queue: a terminal that stands
/// still must neither hold up the resources nor fill the memory, so lines beyond it are counted instead of kept.
/// </summary>
internal sealed class HostConsole : IAsyncDisposable
{
    private const int QueuedLines = 5000;
    private static readonly int[] Palette = [36, 32, 33, 35, 34, 96, 92, 93, 95, 94];

    private readonly Channel<Item> _queue = Channel.CreateBounded<Item>(new BoundedChannelOptions(QueuedLines) { SingleReader = true });
    private readonly bool _colours;
    private readonly Task _writing;
    private readonly Dictionary<string, int> _colourOf = new(StringComparer.Ordinal);
    private int _nameWidth = 8;
    private int _dropped;

    public HostConsole(TextWriter output, bool colours)
    {
        _colours = colours;
        _writing = Task.Run(() => WriteAsync(output));
    }

    /// <summary>Gives each resource its colour and the names their column.</summary>
    public void Announce(IEnumerable<string> resources)
    {
        foreach (var name in resources)
        {
            lock (_colourOf)
                _colourOf.TryAdd(name, Palette[_colourOf.Count % Palette.Length]);
            _nameWidth = Math.Max(_nameWidth, name.Length);
        }
    }

    /// <summary>A line of a resource.</summary>
    public void Log(string resource, string text) => Enqueue(new(Prefix(resource) + text));

    /// <summary>A line of our own.</summary>
    public void Say(string text) => Enqueue(new(text));

    /// <summary>Waits until everything said so far is written.</summary>
    public async Task FlushAsync()
    {
        var written = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await _queue.Writer.WriteAsync(new("", written));
        await written.Task;
    }

    public string Bold(string text) => _colours ? $"\u001b[1m{text}\u001b[0m" : text;

    public string Red(string text) => _colours ? $"\u001b[31m{text}\u001b[0m" : text;

    public string Green(string text) => _colours ? $"\u001b[32m{text}\u001b[0m" : text;

    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _writing;
    }

    private string Prefix(string resource)
    {
        var name = resource.PadRight(_nameWidth);
        lock (_colourOf)
            return _colours && _colourOf.TryGetValue(resource.Split('-')[0], out var colour) ? $"\u001b[{colour}m{name} |\u001b[0m " : $"{name} | ";
    }

    private void Enqueue(Item item)
    {
        if (!_queue.Writer.TryWrite(item))
            Interlocked.Increment(ref _dropped);
    }

    private async Task WriteAsync(TextWriter output)
    {
        await foreach (var item in _queue.Reader.ReadAllAsync())
        {
            if (Interlocked.Exchange(ref _dropped, 0) is > 0 and var dropped)
                await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"({dropped} lines were left out: they came faster than they could be shown)"));
            if (item.Written is null)
                await output.WriteLineAsync(item.Text);
            else
                await output.FlushAsync();
            item.Written?.SetResult();
        }

        await output.FlushAsync();
    }

    private sealed record Item(string Text, TaskCompletionSource? Written = null);
}
