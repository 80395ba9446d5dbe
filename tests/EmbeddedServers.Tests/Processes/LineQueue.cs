using System.Threading.Channels;
using SecureShop.EmbeddedServers;

namespace SecureShop.AppHost.Tests.Processes;

internal sealed class LineQueue
{
    private readonly Channel<OutputLine> _lines = Channel.CreateUnbounded<OutputLine>();

    public void Add(OutputLine line) => _lines.Writer.TryWrite(line);

    public async Task<OutputLine> NextAsync()
        => await _lines.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
}
