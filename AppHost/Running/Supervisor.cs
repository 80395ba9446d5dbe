using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace SecureShop.AppHost;

/// <summary>Starts a process again that ended without being asked to. DCP does not.</summary>
internal sealed class Supervisor(DistributedApplication app, Action<string> say, Action giveUp)
{
    private const int AttemptsToStart = 3;
    private const int TellingLines = 8;
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Stable = TimeSpan.FromMinutes(1);

    // By resource id, as DCP gives it.
    private readonly Dictionary<string, Life> _lives = new(StringComparer.Ordinal);

    // What others wait for to complete is a job, and ends rightly.
    private readonly HashSet<IResource> _jobs = [.. app.Services.GetRequiredService<DistributedApplicationModel>().Resources
        .SelectMany(resource => resource.Annotations.OfType<WaitAnnotation>())
        .Where(wait => wait.WaitType == WaitType.WaitForCompletion)
        .Select(wait => wait.Resource)];

    /// <summary>Watches until the host stops. It may start after the resources: the present states are told first.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        var done = new HashSet<IResource>();
        await foreach (var told in app.ResourceNotifications.WatchAsync(stop))
        {
            if (!ResourcePhase.IsPart(told.Resource))
                continue;
            if (!_jobs.Contains(told.Resource))
                Follow(told, stop);
            else if (ResourcePhase.IsOver(told.Snapshot) && told.Snapshot.ExitCode == 0)
                done.Add(told.Resource);

            // One that somebody starts again later, by the dashboard, may fail.
            else if (ResourcePhase.IsOver(told.Snapshot) && !done.Contains(told.Resource))
                await GiveUpAsync(told, $"{told.Resource.Name} failed{ResourcePhase.End(told.Snapshot)}, and the others wait for it", stop);
        }
    }

    private void Follow(ResourceEvent told, CancellationToken stop)
    {
        if (!_lives.TryGetValue(told.ResourceId, out var life))
            _lives[told.ResourceId] = life = new();
        var state = told.Snapshot.State?.Text;
        if (state == KnownResourceStates.Running || state == KnownResourceStates.Starting)
        {
            // A process that nobody has seen before: the second event of the same one changes nothing.
            if (!life.IsUp)
                life.Began = TimeProvider.System.GetTimestamp();
            (life.IsUp, life.IsAsked) = (true, false);
            life.WasHealthy |= state == KnownResourceStates.Running && told.Snapshot.HealthStatus == HealthStatus.Healthy;
        }
        else if (state == KnownResourceStates.Stopping)
        {
            // The stop and restart commands pass through here; a crash does not.
            life.IsAsked = true;
        }
        else if (ResourcePhase.IsOver(told.Snapshot) && life.IsUp)
        {
            life.IsUp = false;
            if (!life.IsAsked)
                _ = StartAgainAsync(told, life, stop);
        }
    }

    private async Task StartAgainAsync(ResourceEvent ended, Life life, CancellationToken stop)
    {
        try
        {
            life.Crashes = TimeProvider.System.GetElapsedTime(life.Began) > Stable ? 0 : life.Crashes;
            var end = $"{ended.Resource.Name} ended{ResourcePhase.End(ended.Snapshot)}";
            while (true)
            {
                life.Crashes++;
                if (!life.WasHealthy && life.Crashes >= AttemptsToStart)
                {
                    await GiveUpAsync(ended, $"{end}, {AttemptsToStart} times without becoming healthy", stop);
                    return;
                }

                var wait = First * Math.Pow(2, Math.Min(life.Crashes - 1, 10));
                wait = wait < Longest ? wait : Longest;
                say(string.Create(CultureInfo.InvariantCulture, $"{end}; starting it again in {wait.TotalSeconds:0.0} s"));
                await Task.Delay(wait, stop);

                // Somebody may have been faster, by the dashboard.
                if (life.IsUp || life.IsAsked)
                    return;
                var result = await app.ResourceCommands.ExecuteCommandAsync(ended.ResourceId, KnownResourceCommands.StartCommand, stop);
                if (result.Success)
                    return;
                end = $"{ended.Resource.Name} could not be started: {result.Message}";
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Everything stops.
        }
        catch (Exception problem)
        {
            // Nobody awaits this: without a word the run would go on with a part missing.
            say($"{ended.Resource.Name} could not be started again: {problem.Message}");
            giveUp();
        }
    }

    private async Task GiveUpAsync(ResourceEvent ended, string sentence, CancellationToken stop)
    {
        var lines = new List<string>();
        await foreach (var batch in app.Services.GetRequiredService<ResourceLoggerService>().GetAllAsync(ended.ResourceId).WithCancellation(stop))
            lines.AddRange(batch.Select(line => line.Content[(line.Content.IndexOf(' ', StringComparison.Ordinal) + 1)..]));

        // What went wrong stands at the head of an unhandled exception, and only its stack below it.
        var head = lines.FindLastIndex(line => line.StartsWith("Unhandled exception", StringComparison.Ordinal));
        var telling = head >= 0 ? lines.Skip(head).Take(TellingLines) : lines.TakeLast(TellingLines);
        say(string.Join(Environment.NewLine, [$"{sentence}:", .. telling.Select(line => $"    {line}")]));
        giveUp();
    }

    private sealed class Life
    {
        public bool IsUp { get; set; }

        public bool WasHealthy { get; set; }

        public bool IsAsked { get; set; }

        public long Began { get; set; }

        public int Crashes { get; set; }
    }
}
