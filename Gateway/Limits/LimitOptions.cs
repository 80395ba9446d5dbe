using Microsoft.Extensions.Options;
using SecureShop.Gateway.Routes;

namespace SecureShop.Gateway.Limits;

/// <summary>Section <c>Limits</c>: requests per window, for each class of routes.</summary>
internal sealed class LimitOptions
{
    public const string Section = "Limits";

    /// <summary>Reading: cheap.</summary>
    public ClassLimits Read { get; set; } = new() { Address = new(200, 2_000), Principal = new(150, 1_500) };

    /// <summary>Writing: costs transactions.</summary>
    public ClassLimits Write { get; set; } = new() { Address = new(60, 300), Principal = new(40, 200) };

    /// <summary>Trying a credential: what guessing needs most of.</summary>
    public ClassLimits Credential { get; set; } = new() { Address = new(20, 60), Principal = new(20, 60) };

    public ClassLimits Of(LimitClass kind) => kind switch
    {
        LimitClass.Read => Read,
        LimitClass.Write => Write,
        _ => Credential,
    };

    internal sealed class Validator : IValidateOptions<LimitOptions>
    {
        public ValidateOptionsResult Validate(string? name, LimitOptions options)
            => new[] { options.Read, options.Write, options.Credential }.SelectMany(limits => new[] { limits.Address, limits.Principal }).All(quota => quota is { Burst: > 0, Minute: > 0 })
                ? ValidateOptionsResult.Success
                : ValidateOptionsResult.Fail("Limits__{Read|Write|Credential}__{Address|Principal}__{Burst|Minute} must be positive numbers.");
    }
}

/// <summary>The limits of one class: for a network address, and for a proven caller wherever it calls from.</summary>
internal sealed class ClassLimits
{
    public Quota Address { get; set; } = new();

    public Quota Principal { get; set; } = new();
}

/// <summary>How many requests pass in ten seconds and in a minute.</summary>
internal sealed class Quota
{
    public Quota()
    {
    }

    public Quota(int burst, int minute) => (Burst, Minute) = (burst, minute);

    public int Burst { get; set; }

    public int Minute { get; set; }
}
