using System.Text;
using SecureShop.StandIns.AspireHosting.Orchestration;

namespace SecureShop.AppHost.Tests.Orchestration;

public sealed class HostConsoleTests
{
    [Fact]
    public async Task Lines_bear_the_name_of_their_resource()
    {
        await using var output = new StringWriter();
        await using (var console = new HostConsole(output, colours: false))
        {
            console.Announce(["catalog", "a-long-name"]);
            console.Log("catalog", "hello");
        }

        Assert.Equal($"catalog     | hello{Environment.NewLine}", output.ToString());
    }

    [Fact]
    public async Task Colours_appear_only_when_asked_for()
    {
        await using var output = new StringWriter();
        await using (var console = new HostConsole(output, colours: true))
        {
            console.Announce(["catalog"]);
            console.Log("catalog", "hello");
        }

        Assert.Equal($"\u001b[36mcatalog  |\u001b[0m hello{Environment.NewLine}", output.ToString());
    }

    [Fact]
    public async Task A_terminal_that_stands_still_holds_nobody_up_and_the_lines_lost_are_counted()
    {
        await using var output = new StuckWriter();
        await using (var console = new HostConsole(output, colours: false))
        {
            for (var i = 0; i < 6000; i++)
                console.Log("catalog", "line");
            output.GoOn.SetResult();
        }

        // The queue, the line that the terminal had taken, and what is said about the lost ones once or twice.
        Assert.InRange(output.Lines, 5000, 5003);
        Assert.Contains(output.Text, line => line.EndsWith("lines were left out: they came faster than they could be shown)", StringComparison.Ordinal));
    }

    private sealed class StuckWriter : TextWriter
    {
        public TaskCompletionSource GoOn { get; } = new();

        public List<string> Text { get; } = [];

        public int Lines => Text.Count;

        public override Encoding Encoding => Encoding.UTF8;

        public override async Task WriteLineAsync(string? value)
        {
            await GoOn.Task;
            Text.Add(value ?? "");
        }
    }
}
