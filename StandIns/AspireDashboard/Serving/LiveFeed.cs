using System.Text;
using Microsoft.AspNetCore.Http;
using SecureShop.StandIns.AspireDashboard.Access;
using SecureShop.StandIns.AspireDashboard.Api;

namespace SecureShop.StandIns.AspireDashboard.Serving;

/// <summary>How often each kind of thing has changed.</summary>
internal sealed record Versions(long Resources, long Console, long Logs, long Traces, long Metrics, long Security);

/// <summary>
/// Tells pages that something changed, never what: a page asks for what it shows. So a stream costs the same however
/// much arrives, and a slow reader holds nothing back.
/// </summary>
internal sealed class LiveFeed(TimeProvider clock, Func<long, Versions> versions) : IDisposable
{
    public const int MostStreams = 32;
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);
    private static readonly ReadOnlyMemory<byte> Alive = ": alive\n\n"u8.ToArray();

    private readonly CancellationTokenSource _stop = new();
    private long _resources;
    private int _streams;

    public void ResourcesChanged() => Interlocked.Increment(ref _resources);

    public void Stop() => _stop.Cancel();

    public void Dispose() => _stop.Dispose();

    public async Task StreamAsync(HttpContext context, Sessions sessions)
    {
        if (Interlocked.Increment(ref _streams) > MostStreams)
        {
            Interlocked.Decrement(ref _streams);
            await Answer.ProblemAsync(context, StatusCodes.Status503ServiceUnavailable, "Too many pages are open.");
            return;
        }

        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, _stop.Token);
        try
        {
            context.Response.ContentType = "text/event-stream";
            await SendAsync(context, context.Features.Get<Session>()!, sessions, end.Token);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The page was closed, or we stop.
        }
        finally
        {
            Interlocked.Decrement(ref _streams);
        }
    }

    private async Task SendAsync(HttpContext context, Session session, Sessions sessions, CancellationToken end)
    {
        Versions? sent = null;
        var sentAt = clock.GetTimestamp();
        using var pace = new PeriodicTimer(Pace, clock);
        do
        {
            // A stream must not outlive the session that opened it.
            if (!sessions.IsAlive(session))
                return;
            var now = versions(Volatile.Read(ref _resources));
            if (now != sent)
                await WriteAsync(context, Encoding.UTF8.GetBytes($"event: change\ndata: {Answer.Text(now, DashboardJson.Default.Versions)}\n\n"), end);
            else if (clock.GetElapsedTime(sentAt) >= Heartbeat)
                await WriteAsync(context, Alive, end);
            else
                continue;
            sent = now;
            sentAt = clock.GetTimestamp();
        }
        while (await pace.WaitForNextTickAsync(end));
    }

    private static async Task WriteAsync(HttpContext context, ReadOnlyMemory<byte> text, CancellationToken end)
    {
        await context.Response.Body.WriteAsync(text, end);
        await context.Response.Body.FlushAsync(end);
    }
}
