using Microsoft.Extensions.Hosting;
using SecureShop.ServiceDefaults.Events;
using SecureShop.ServiceDefaults.Redis;
using StackExchange.Redis;

namespace SecureShop.ServiceDefaults.Revocations;

/// <summary>
/// Hears what has ended: all of it when the process starts, and twice a second what has come since. What was read is known, whatever
/// becomes of Redis.
/// </summary>
internal sealed class RevocationFollower(ShopRedis redis, KnownRevocations known, SecurityLog security) : BackgroundService
{
    private const int MaxAtOnce = 1_000;

    // In microseconds: a Redis that took another's place may number by a clock that is a little behind.
    private const double Overlap = 10_000_000;

    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(500);

    private double last = double.NegativeInfinity;
    private bool told;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        // Before the first request, where Redis answers; where not, requests are served as while it is away.
        await ListenAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            await ListenAsync(stoppingToken);
    }

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        var failure = await ReadAsync(cancellationToken);
        if (known.IsSilent == told)
            return;
        told = !told;
        if (told)
            security.ForCurrentRequest().RevocationsUnheard(failure ?? "late");
        else
            security.ForCurrentRequest().RevocationsHeard();
    }

    /// <summary>What went wrong, in a word.</summary>
    private async Task<string?> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            known.Sweep();
            var from = last - Overlap;
            while (true)
            {
                // From before the question: what ends while it is answered may not be in the answer.
                var asked = TimeProvider.System.GetTimestamp();
                var news = await redis.AskAnywayAsync(
                    database => database.SortedSetRangeByScoreWithScoresAsync(Revocation.Feed, from, exclude: Exclude.Start, take: MaxAtOnce), cancellationToken);
                foreach (var one in news)
                {
                    // No further than what is known: the rest is asked for again, and what nobody can read is not passed over.
                    if (!known.TryAdd(Revocation.Read(one.Element.ToString())))
                        return "full";
                    from = one.Score;
                    last = Math.Max(last, from);
                }

                if (news.Length < MaxAtOnce)
                {
                    known.Heard(asked);
                    return null;
                }
            }
        }
        catch (Exception failure) when (ShopRedis.IsOutage(failure) || failure is FormatException)
        {
            return failure.GetType().Name;
        }
    }
}
