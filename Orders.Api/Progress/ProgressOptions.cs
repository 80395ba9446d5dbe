using Microsoft.Extensions.Options;

namespace SecureShop.Orders.Progress;

/// <summary>Section <c>Progress</c>: how half-way orders are carried on.</summary>
internal sealed record ProgressOptions
{
    public const string Section = "Progress";

    /// <summary>How long one call to the catalog may take.</summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long an order belongs to whoever works on it.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>After this time a pending order is given up instead of being asked for again.</summary>
    public TimeSpan GiveUpAfter { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How often the reconciler looks for due orders.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How many orders one look takes at most.</summary>
    public int BatchSize { get; init; } = 20;

    /// <summary>The longest wait between two attempts.</summary>
    public TimeSpan LongestDelay { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>When to try again after so many failures: 2, 4, 8 ... seconds.</summary>
    public TimeSpan DelayAfter(int attempts)
    {
        var delay = TimeSpan.FromSeconds(Math.Pow(2, Math.Clamp(attempts, 1, 16)));
        return delay < LongestDelay ? delay : LongestDelay;
    }

    internal sealed class Validator : IValidateOptions<ProgressOptions>
    {
        public ValidateOptionsResult Validate(string? name, ProgressOptions options)
        {
            if (options.CallTimeout <= TimeSpan.Zero || options.Interval <= TimeSpan.Zero || options.LongestDelay <= TimeSpan.Zero)
                return ValidateOptionsResult.Fail("Set Progress__CallTimeout, Progress__Interval and Progress__LongestDelay to more than nothing.");
            if (options.BatchSize is < 1 or > 1000)
                return ValidateOptionsResult.Fail("Set Progress__BatchSize to 1 to 1000.");

            // Reserving and releasing within one lease, with room: else two replicas would work on one order as a rule.
            return options.Lease < 3 * options.CallTimeout
                ? ValidateOptionsResult.Fail("Set Progress__Lease to at least three times Progress__CallTimeout.")
                : ValidateOptionsResult.Success;
        }
    }
}
