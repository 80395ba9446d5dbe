using Microsoft.Extensions.Options;

namespace SecureShop.Orders.Progress;

/// <summary>Section <c>Progress</c>: how half-way orders are carried on.</summary>
internal sealed record ProgressOptions
{
    public const string Section = "Progress";

    // Two calls, with room, within the shortest lease that the outbox gives.
    private static readonly TimeSpan LongestCall = TimeSpan.FromSeconds(10);

    /// <summary>How long one call to the catalog or to the payment provider may take.</summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>After this time an order that is not confirmed is given up instead of being asked for again. Less than the catalog holds stock for.</summary>
    public TimeSpan GiveUpAfter { get; init; } = TimeSpan.FromMinutes(10);

    internal sealed class Validator : IValidateOptions<ProgressOptions>
    {
        public ValidateOptionsResult Validate(string? name, ProgressOptions options)
        {
            if (options.CallTimeout <= TimeSpan.Zero || options.CallTimeout > LongestCall)
                return ValidateOptionsResult.Fail("Set Progress__CallTimeout to more than nothing and at most 00:00:10.");
            return options.GiveUpAfter <= TimeSpan.Zero
                ? ValidateOptionsResult.Fail("Set Progress__GiveUpAfter to more than nothing.")
                : ValidateOptionsResult.Success;
        }
    }
}
