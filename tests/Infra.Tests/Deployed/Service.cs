using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using SecureShop.EmbeddedServers;
using SecureShop.Testing;

namespace SecureShop.Infra.Tests.Deployed;

/// <summary>One of our programs, as a process that has the settings of a deployment and no others. It ends with this one, however that ends.</summary>
internal sealed class Service : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PatienceForLines = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    // Where programs and folders are. Nothing of what a build, Aspire or a developer has set.
    private static readonly string[] OfTheMachine = ["PATH", "HOME", "TMPDIR", "DOTNET_ROOT", "DOTNET_HOST_PATH"];

    private readonly string _name;
    private readonly ServerProcess _process;
    private readonly ConcurrentQueue<string> _output;

    private Service(string name, ServerProcess process, ConcurrentQueue<string> output) => (_name, _process, _output) = (name, process, output);

    /// <summary>What it wrote.</summary>
    public IEnumerable<string> Output => _output;

    /// <summary>How to start a program.</summary>
    public static ProcessStartInfo Command(string program, IReadOnlyDictionary<string, string> settings)
    {
        var start = new ProcessStartInfo(DotNetHost.Program, [program]) { WorkingDirectory = Path.GetDirectoryName(program) };
        foreach (var name in start.Environment.Keys.Except(OfTheMachine, StringComparer.Ordinal).ToList())
            start.Environment.Remove(name);
        foreach (var (name, value) in settings)
            start.Environment[name] = value;
        return start;
    }

    public static async Task<Service> StartAsync(string name, string program, IReadOnlyDictionary<string, string> settings)
    {
        var output = new ConcurrentQueue<string>();
        return new(name, await ServerProcess.StartAsync(Command(program, settings), "TERM", output.Enqueue), output);
    }

    /// <summary>Waits until a probe succeeds.</summary>
    public async Task ReadyAsync(Uri probe)
    {
        if (await AnswerAsync(probe, status => status == HttpStatusCode.OK) is not HttpStatusCode.OK)
            throw new InvalidOperationException($"{_name} did not become ready: {Environment.NewLine}{string.Join(Environment.NewLine, _process.Lines)}");
    }

    /// <summary>What it answers to a probe when it answers as asked, or at the end of patience; nothing once it has ended.</summary>
    public async Task<HttpStatusCode?> AnswerAsync(Uri probe, Predicate<HttpStatusCode> isAnswer)
    {
        using var client = TestCertificate.Client(probe);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Patience);
        HttpStatusCode? last = null;
        try
        {
            return await _process.AnswersAsync(AskAsync, limit.Token) ? last : null;
        }
        catch (OperationCanceledException) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
        {
            return last ?? HttpStatusCode.RequestTimeout;
        }

        async Task<bool> AskAsync(CancellationToken cancellation)
        {
            try
            {
                using var answer = await client.GetAsync(probe, cancellation);
                last = answer.StatusCode;
                return isAnswer(answer.StatusCode);
            }
            catch (HttpRequestException)
            {
                // Does not listen yet.
                return false;
            }
        }
    }

    /// <summary>Waits for a line with these words, which a logger may write a moment after the answer.</summary>
    public async Task SaysAsync(params string[] words)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!_output.Any(line => words.All(word => line.Contains(word, StringComparison.Ordinal))))
        {
            if (TimeProvider.System.GetElapsedTime(started) > PatienceForLines)
                throw new InvalidOperationException($"{_name} did not say {string.Join(" … ", words)}: {Environment.NewLine}{string.Join(Environment.NewLine, _process.Lines)}");
            await Task.Delay(Pause, TestContext.Current.CancellationToken);
        }
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
