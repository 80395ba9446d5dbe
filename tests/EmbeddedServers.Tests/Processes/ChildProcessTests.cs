using SecureShop.EmbeddedServers;

namespace SecureShop.AppHost.Tests.Processes;

public sealed class ChildProcessTests : IDisposable
{
    private static readonly TimeSpan Patient = TimeSpan.FromSeconds(20);

    private readonly ProcessGuard _guard = ProcessGuard.Start();
    private readonly LineQueue _lines = new();

    public void Dispose() => _guard.Dispose();

    [Fact]
    public async Task Lines_and_exit_code_arrive()
    {
        await using var child = Shell.Start(_guard, "echo out; echo err >&2; exit 7", _lines);
        OutputLine[] lines = [await _lines.NextAsync(), await _lines.NextAsync()];
        Assert.Equal([new("err", IsError: true), new("out", IsError: false)], lines.OrderBy(line => line.Text, StringComparer.Ordinal));
        Assert.Equal(7, await child.Exited);
    }

    [Fact]
    public async Task Arguments_reach_the_program_as_they_are()
    {
        const string hostile = "a b; echo $HOME `id` \"q\" 'r' \\ *";
        await using var child = ChildProcess.Start(new() { FileName = "printf", Arguments = ["%s\\n", hostile] }, _guard, _lines.Add);
        Assert.Equal(hostile, (await _lines.NextAsync()).Text);
    }

    [Fact]
    public async Task A_line_without_end_is_cut()
    {
        await using var child = Shell.Start(_guard, "head -c 1000000 /dev/zero | tr '\\0' x; echo; echo next", _lines);
        Assert.Equal(ChildProcess.MaximumLineLength, (await _lines.NextAsync()).Text.Length);
        Assert.Equal("next", (await _lines.NextAsync()).Text);
    }

    [Fact]
    public async Task Ctrl_C_in_the_terminal_does_not_reach_it_because_it_leads_a_session_of_its_own()
    {
        // Fields 5 and 6 of stat: process group and session.
        await using var child = Shell.Start(_guard, "cut -d' ' -f5,6 /proc/$$/stat", _lines);
        Assert.Equal($"{child.Id} {child.Id}", (await _lines.NextAsync()).Text);
    }

    [Fact]
    public async Task It_may_finish_when_asked_to_stop()
    {
        await using var child = Shell.Start(_guard, "trap 'echo bye; exit 3' TERM; echo ready; while :; do sleep 0.05; done", _lines);
        Assert.Equal("ready", (await _lines.NextAsync()).Text);
        Assert.Equal(3, await child.StopAsync(Patient));
        Assert.Equal("bye", (await _lines.NextAsync()).Text);
    }

    [Fact]
    public async Task What_does_not_stop_is_killed_with_all_it_started()
    {
        await using var child = Shell.Start(_guard, "trap '' TERM; setsid sleep 1000 & sleep 1000 & echo $!; while :; do sleep 0.05; done", _lines);
        await _lines.NextAsync();
        var family = ProcessTable.Family(child.Id);
        Assert.True(family.Count >= 3);
        Assert.Equal(128 + 9, await child.StopAsync(TimeSpan.FromMilliseconds(100)));
        Assert.Empty(await ProcessTable.SurvivorsAsync(family));
    }

    [Fact]
    public async Task What_a_crashed_child_leaves_behind_in_its_group_is_killed()
    {
        await using var child = Shell.Start(_guard, "sleep 1000 & echo $!; exit 1", _lines);
        var left = int.Parse((await _lines.NextAsync()).Text);
        Assert.Equal(1, await child.Exited);
        Assert.Empty(await ProcessTable.SurvivorsAsync(ProcessTable.Family(left)));
    }

    [Fact]
    public void A_missing_program_is_one_sentence()
    {
        var problem = Assert.Throws<SetupException>(() => ChildProcess.Start(new() { FileName = "no-such-program" }, _guard, _lines.Add));
        Assert.Contains("no-such-program", problem.Message, StringComparison.Ordinal);
    }

    [Fact, Trait("Practice", "P13")]
    public async Task Root_can_start_it_as_nobody()
    {
        Assert.SkipUnless(Environment.UserName == "root", "Only root can change the account.");
        await using var child = Shell.Start(_guard, "id -un", _lines, userName: "nobody");
        Assert.Equal("nobody", (await _lines.NextAsync()).Text);
    }
}
