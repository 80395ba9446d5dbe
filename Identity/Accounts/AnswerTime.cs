namespace SecureShop.Identity.Accounts;

internal static class AnswerTime
{
    /// <summary>Waits until <paramref name="floor"/> has passed: what was done until then differs between addresses with and without an account.</summary>
    public static async Task AnswerAfterAsync(this TimeProvider clock, TimeSpan floor, long started, CancellationToken cancellationToken)
    {
        var left = floor - clock.GetElapsedTime(started);
        if (left > TimeSpan.Zero)
            await Task.Delay(left, clock, cancellationToken);
    }
}
