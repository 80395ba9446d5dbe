using Microsoft.Extensions.Options;

namespace SecureShop.Storage.Outbox;

/// <summary>Section <c>Outbox</c>: how waiting messages are carried out.</summary>
public sealed record OutboxOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Outbox";

    // The calls of one step have to fit in, with room: else two replicas would work on one message as a rule.
    private static readonly TimeSpan ShortestLease = TimeSpan.FromSeconds(30);

    /// <summary>How long a message belongs to whoever works on it.</summary>
    public TimeSpan Lease { get; init; } = ShortestLease;

    /// <summary>How often each replica looks for due messages.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How many messages one look takes at most.</summary>
    public int BatchSize { get; init; } = 20;

    /// <summary>The longest wait between two attempts.</summary>
    public TimeSpan LongestDelay { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>A message that failed so often is parked: nobody tries it any more until an administrator says so.</summary>
    public int MaxFailures { get; init; } = 20;

    /// <summary>When to try again after so many attempts: 2, 4, 8 ... seconds.</summary>
    public TimeSpan DelayAfter(int attempts)
    {
        var delay = TimeSpan.FromSeconds(Math.Pow(2, Math.Clamp(attempts, 1, 16)));
        return delay < LongestDelay ? delay : LongestDelay;
    }

    /// <summary>Stops the start on what cannot work.</summary>
    public sealed class Validator : IValidateOptions<OutboxOptions>
    {
        /// <inheritdoc />
        public ValidateOptionsResult Validate(string? name, OutboxOptions options)
        {
            ArgumentNullException.ThrowIfNull(options);
            if (options.Interval <= TimeSpan.Zero || options.LongestDelay <= TimeSpan.Zero)
                return ValidateOptionsResult.Fail("Set Outbox__Interval and Outbox__LongestDelay to more than nothing.");
            if (options.BatchSize is < 1 or > 1000 || options.MaxFailures is < 1 or > 1000)
                return ValidateOptionsResult.Fail("Set Outbox__BatchSize and Outbox__MaxFailures to 1 to 1000.");
            return options.Lease < ShortestLease
                ? ValidateOptionsResult.Fail("Set Outbox__Lease to 00:00:30 or more.")
                : ValidateOptionsResult.Success;
        }
    }
}
