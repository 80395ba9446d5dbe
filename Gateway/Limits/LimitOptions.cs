using Microsoft.Extensions.Options;
using SecureShop.Gateway.Routes;

namespace SecureShop.Gateway.Limits;

/// <summary>Section <c>Limits</c>: requests per window, for each class of routes.</summary>
internal sealed record LimitOptions
{
    public const string Section = "Limits";

    /// <summary>Reading: cheap.</summary>
    public ClassLimits Read { get; init; } = new() { Address = new(200, 2_000), Principal = new(150, 1_500) };

    /// <summary>Writing: costs transactions.</summary>
    public ClassLimits Write { get; init; } = new() { Address = new(60, 300), Principal = new(40, 200) };

    /// <summary>Trying a credential: what guessing needs most of.</summary>
    public ClassLimits Credential { get; init; } = new() { Address = new(20, 60), Principal = new(20, 60) };

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
                : ValidateOptionsResult.Fail("Set Limits__{Read|Write|Credential}__{Address|Principal}__{Burst|Minute} to positive numbers.");
    }
}

/// <summary>The limits of one class: for a network address, and for a proven caller wherever it calls from.</summary>
internal sealed record ClassLimits
{
    public Quota Address { get; init; } = new();

    public Quota Principal { get; init; } = new();
}

/// <summary>How many requests pass in ten seconds and in a minute.</summary>
internal sealed record Quota
{
    public Quota()
    {
    }

    public Quota(int burst, int minute) => (Burst, Minute) = (burst, minute);

    public int Burst { get; init; }

    public int Minute { get; init; }
}
