using Microsoft.Extensions.Options;

namespace SecureShop.Storage.PersonalData;

/// <summary>Section <c>PersonalData</c>: how a service comes to know what people ask of it.</summary>
public sealed record PersonalDataOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "PersonalData";

    private static readonly TimeSpan LongestDelay = TimeSpan.FromMinutes(10);

    /// <summary>How often each replica asks Identity.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>When to try again after so many failures: 2, 4, 8 ... intervals, ten minutes at most.</summary>
    internal TimeSpan DelayAfter(int failures)
    {
        var delay = Interval * Math.Pow(2, Math.Clamp(failures, 1, 8));
        return delay < LongestDelay ? delay : LongestDelay;
    }

    /// <summary>Stops the start on what cannot work.</summary>
    public sealed class Validator : IValidateOptions<PersonalDataOptions>
    {
        /// <inheritdoc />
        public ValidateOptionsResult Validate(string? name, PersonalDataOptions options)
        {
            ArgumentNullException.ThrowIfNull(options);
            return options.Interval < TimeSpan.FromMilliseconds(100) || options.Interval > TimeSpan.FromDays(1)
                ? ValidateOptionsResult.Fail("Set PersonalData__Interval to 00:00:00.1 to 1.00:00:00.")
                : ValidateOptionsResult.Success;
        }
    }
}
