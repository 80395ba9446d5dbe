using System.Diagnostics;
using System.Globalization;
using SecureShop.EmbeddedServers;
using SecureShop.Testing;

namespace SecureShop.Bench.Soak;

/// <summary>A process that runs, on a port that it chose.</summary>
internal sealed record Running(int Id, int Port, IAsyncDisposable Owner);

/// <summary>
/// A part of the shop behind a line that stays: it can be killed, frozen and cut off, and comes back on another port, while its callers
/// know one address.
/// </summary>
internal sealed class Part(string name, Func<Task<Running>> start) : IAsyncDisposable
{
    private const int MostStarts = 10;
    private CutLine? line;
    private Running? running;

    public string Name => name;

    /// <summary>Of the line.</summary>
    public int Port => line!.Port;

    public async Task StartAsync()
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                running = await start();
                break;
            }
            catch (Exception failure) when (failure is SetupException or InvalidOperationException && tries < MostStarts)
            {
                // What a kill left behind, such as memory that is still attached, goes within moments.
                await Console.Error.WriteLineAsync($"  {name} did not start: {failure.Message.Split('\n')[0]}");
                await Task.Delay(TimeSpan.FromSeconds(1));
            }
        }

        line ??= new(running.Port);
        line.Mend(running.Port);
    }

    /// <summary>Without a word, and all that belongs to it.</summary>
    public async Task KillAsync()
    {
        Signal("KILL");
        line!.Cut();
        await running!.Owner.DisposeAsync();
    }

    /// <summary>It answers nobody, and goes on as if nothing had been.</summary>
    public async Task FreezeAsync(TimeSpan duration)
    {
        Signal("STOP");
        await Task.Delay(duration);
        Signal("CONT");
    }

    /// <summary>It runs, and nobody reaches it.</summary>
    public async Task CutAsync(TimeSpan duration)
    {
        line!.Cut();
        await Task.Delay(duration);
        line.Mend();
    }

    public async ValueTask DisposeAsync()
    {
        if (line is not null)
            await line.DisposeAsync();
        if (running is not null)
            await running.Owner.DisposeAsync();
    }

    private void Signal(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", .. Family(running!.Id).Select(id => id.ToString(CultureInfo.InvariantCulture))]);
        kill.WaitForExit();
    }

    /// <summary>It and its descendants: Postgres is one process for each of its callers.</summary>
    private static IEnumerable<int> Family(int id)
    {
        yield return id;
        var children = $"/proc/{id}/task/{id}/children";
        foreach (var child in File.Exists(children) ? File.ReadAllText(children).Split(' ', StringSplitOptions.RemoveEmptyEntries) : [])
        {
            foreach (var member in Family(int.Parse(child, CultureInfo.InvariantCulture)))
                yield return member;
        }
    }
}
