namespace SecureShop.Identity.Accounts;

internal static class AnswerTime
{
    /// <summary>Waits until <paramref name="floor"/> has passed: what was done until then differs between addresses with and without an account.</summary>
    public static async Task AnswerAfterAsync(this TimeProvider clock, TimeSpan floor, long started, CancellationToken cancellationToken)
    {
        // A delay is cut to whole milliseconds, and may ring early.
        while (floor - clock.GetElapsedTime(started) is { Ticks: > 0 } left)
            await Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds)), clock, cancellationToken);
    }
}
