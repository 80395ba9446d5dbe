using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;
using SecureShop.ServiceDefaults.Access;

namespace SecureShop.Gateway.Limits;

/// <summary>Section <c>Limits</c>: the limits by their names, of which all that apply to a request must have room for it.</summary>
internal sealed partial record LimitOptions
{
    public const string Section = "Limits";

    public Dictionary<string, LimitPolicy> Policies { get; init; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>How many gateways there are at most: with Redis away each admits its share.</summary>
    public int Replicas { get; init; } = 4;

    /// <summary>Whether a gateway takes permits ahead for callers who are far from a limit.</summary>
    public bool TakeAhead { get; init; } = true;

    /// <summary>What the names in Redis begin with. Two shops with one Redis need two.</summary>
    public string Space { get; init; } = "shop";

    [GeneratedRegex("^[A-Za-z0-9_-]{1,32}$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex Name();

    internal sealed class Validator : IValidateOptions<LimitOptions>
    {
        private static readonly string[] Classes = Enum.GetNames<LimitClass>();

        public ValidateOptionsResult Validate(string? name, LimitOptions options)
            => Faults(options).ToList() is { Count: > 0 } faults ? ValidateOptionsResult.Fail(faults) : ValidateOptionsResult.Success;

        private static IEnumerable<string> Faults(LimitOptions options)
        {
            if (options.Replicas is < 1 or > 100)
                yield return "Set Limits__Replicas to how many gateways there are at most, 1 to 100.";
            if (!Name().IsMatch(options.Space))
                yield return "Set Limits__Space to 1 to 32 letters, digits, - and _.";
            foreach (var fault in options.Policies.SelectMany(policy => Faults(policy.Key, policy.Value)))
                yield return fault;

            // Who is not known yet has an address alone: a class that no limit counts by address could be asked for without end.
            foreach (var open in Classes.Where(kind => !options.Policies.Values.Any(policy => policy.Partition == Partition.Address && policy.CostOf(kind) > 0)))
                yield return $"Set Limits__Policies__<name>__Cost__{open} to 1 in a limit whose Partition is Address.";
        }

        private static IEnumerable<string> Faults(string name, LimitPolicy policy)
        {
            var setting = $"Limits__Policies__{name}";
            if (!Name().IsMatch(name))
                yield return $"Set {setting} under another name: 1 to 32 letters, digits, - and _.";
            if (!Enum.IsDefined(policy.Partition))
                yield return $"Set {setting}__Partition to {string.Join(", ", Enum.GetNames<Partition>())}.";
            if (policy.Permits is < 1 or > 1_000_000_000)
                yield return $"Set {setting}__Permits to how many requests pass in a window, 1 or more.";
            if (policy.Window < TimeSpan.FromSeconds(1) || policy.Window > TimeSpan.FromDays(1) || policy.Window.Ticks % TimeSpan.TicksPerSecond != 0)
                yield return $"Set {setting}__Window to whole seconds, 00:00:01 to 1.00:00:00.";
            if (policy.Burst is < 1 or > 1_000_000_000)
                yield return $"Set {setting}__Burst to how many requests may come at once, 1 or more.";
            foreach (var (kind, cost) in policy.Cost)
            {
                if (!Classes.Contains(kind, StringComparer.OrdinalIgnoreCase))
                    yield return $"Set {setting}__Cost__{kind} for a class that there is: {string.Join(", ", Classes)}.";
                if (cost < 0 || cost > policy.Burst)
                    yield return $"Set {setting}__Cost__{kind} to 0, where the limit does not apply, to {policy.Burst}, its Burst.";
            }
        }
    }
}

/// <summary>One limit as it is configured.</summary>
internal sealed record LimitPolicy
{
    /// <summary>Whom it counts as one.</summary>
    public Partition Partition { get; init; }

    /// <summary>How many permits there are in a <see cref="Window"/>, in the long run.</summary>
    public int Permits { get; init; }

    public TimeSpan Window { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How many permits who has rested may use at once.</summary>
    public int Burst { get; init; }

    /// <summary>What a request of a class costs: 1 where the class is not named, and 0 where the limit does not apply to it.</summary>
    public Dictionary<string, int> Cost { get; init; } = new(StringComparer.OrdinalIgnoreCase);

    public int CostOf(string kind) => Cost.GetValueOrDefault(kind, 1);
}

/// <summary>Whom a limit counts as one.</summary>
internal enum Partition
{
    /// <summary>A network address; of IPv6 a network.</summary>
    Address,

    /// <summary>A person, whatever they call with and from where.</summary>
    Subject,

    /// <summary>A program that calls in its own name.</summary>
    Client,

    /// <summary>An API key: a script that runs away, or a thief, does not use up what its owner may ask.</summary>
    ApiKey,
}
