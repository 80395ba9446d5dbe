using Microsoft.Extensions.Options;

namespace SecureShop.Catalog.Reservations;

/// <summary>Section <c>Reservations</c>: how long stock is held for somebody who has not paid.</summary>
internal sealed record ReservationOptions
{
    public const string Section = "Reservations";

    /// <summary>How long.</summary>
    public TimeSpan Hold { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>How often each replica looks for those whose time is over.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How many of them one look ends at most.</summary>
    public int BatchSize { get; init; } = 200;

    internal sealed class Validator : IValidateOptions<ReservationOptions>
    {
        private static readonly TimeSpan LongestHold = TimeSpan.FromDays(1);

        public ValidateOptionsResult Validate(string? name, ReservationOptions options)
        {
            // Without an end, or with a far one, whoever orders and never pays empties the shop (P41).
            if (options.Hold <= TimeSpan.Zero || options.Hold > LongestHold)
                return ValidateOptionsResult.Fail("Set Reservations__Hold to more than nothing and at most a day, as in 00:15:00.");
            if (options.Interval <= TimeSpan.Zero || options.Interval > options.Hold)
                return ValidateOptionsResult.Fail("Set Reservations__Interval to more than nothing and at most Reservations__Hold.");
            return options.BatchSize is < 1 or > 1000
                ? ValidateOptionsResult.Fail("Set Reservations__BatchSize to 1 to 1000.")
                : ValidateOptionsResult.Success;
        }
    }
}
