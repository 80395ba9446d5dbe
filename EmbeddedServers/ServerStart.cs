using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace SecureShop.EmbeddedServers;

/// <summary>How one kind of server is started on a port, and asked whether it serves there.</summary>
internal sealed record ServerStart
{
    private const int Attempts = 5;
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(1);

    /// <summary>What people call it.</summary>
    public required string Name { get; init; }

    /// <summary>The port that it must have; 0 for a free one.</summary>
    public required int Port { get; init; }

    /// <summary>Chooses a free one.</summary>
    public required Func<int> FreePort { get; init; }

    /// <summary>Writes its settings for a port; the command that runs with them.</summary>
    public required Func<int, ProcessStartInfo> Prepare { get; init; }

    /// <summary>How it wants to be asked to stop.</summary>
    public required string StopSignal { get; init; }

    /// <summary>Whether it answers on a port, as a client sees it.</summary>
    public required Func<int, CancellationToken, Task<bool>> Answers { get; init; }

    /// <summary>One sentence with the mend, from what it wrote before it gave up.</summary>
    public required Func<IReadOnlyList<string>, SetupException> Failure { get; init; }

    /// <summary>
    /// Starts it and waits until it answers. A free port is anybody's until the server has it: when another program was
    /// faster, the next one is tried.
    /// </summary>
    [SuppressMessage("Reliability", "CA2000", Justification = "The server that is returned owns its process; in every other case it is disposed of.")]
    public async Task<(ServerProcess Process, int Port)> RunAsync(Action<string> log, CancellationToken cancellationToken)
    {
        if (Port != 0 && !LoopbackPort.IsFree(Port))
            throw new SetupException($"Port {Port} is taken: stop the program that listens there, or choose another for {Name}.");

        for (var attempt = 1; ; attempt++)
        {
            var port = Port == 0 ? FreePort() : Port;
            var process = await ServerProcess.StartAsync(Prepare(port), StopSignal, log);
            var answers = false;
            try
            {
                answers = await process.AnswersAsync(cancel => Answers(port, cancel), cancellationToken);
                if (answers)
                    return (process, port);
            }
            catch (SetupException) when (Port == 0)
            {
                // Who answers wrongly may be the program that has the port, before ours has said that it does not.
                await Task.WhenAny(process.Exited, Task.Delay(LastWords, cancellationToken));
                if (!LostItsPort(process.Lines))
                    throw;
            }
            finally
            {
                if (!answers)
                    await process.DisposeAsync();
            }

            if (Port != 0 || attempt == Attempts || !LostItsPort(process.Lines))
                throw Failure(process.Lines);
        }
    }

    private static bool LostItsPort(IReadOnlyList<string> lines)
        => lines.Any(line => line.Replace(" ", "", StringComparison.Ordinal).Contains("AddressAlreadyInUse", StringComparison.OrdinalIgnoreCase));
}
