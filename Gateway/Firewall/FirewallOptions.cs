using Microsoft.Extensions.Options;
using SecureShop.Firewall;

namespace SecureShop.Gateway.Firewall;

/// <summary>Section <c>Firewall</c>: how much it suspects, where it only watches, and what it does not judge.</summary>
internal sealed record FirewallOptions
{
    public const string Section = "Firewall";

    /// <summary>The paranoia level: 1 believes sentences about code, 2 does not.</summary>
    public int Level { get; init; } = 1;

    /// <summary>Paths where a hit is an event and no refusal, with everything below them; <c>/</c> for all.</summary>
    public string[] DetectOnly { get; init; } = [];

    /// <summary>Beside those that the gateway has itself (<see cref="FirewallExclusions"/>).</summary>
    public FirewallExclusion[] Exclusions { get; init; } = [];

    internal sealed class Validator : IValidateOptions<FirewallOptions>
    {
        public ValidateOptionsResult Validate(string? name, FirewallOptions options)
        {
            if (options.Level is < 1 or > 4)
                return ValidateOptionsResult.Fail("Set Firewall__Level to a paranoia level, 1 to 4.");
            if (Array.Exists(options.DetectOnly, path => !path.StartsWith('/')))
                return ValidateOptionsResult.Fail("Set Firewall__DetectOnly__N to paths, each with a slash at its beginning.");
            return Array.TrueForAll(options.Exclusions, exclusion => exclusion.IsValid)
                ? ValidateOptionsResult.Success
                : ValidateOptionsResult.Fail("Set Firewall__Exclusions__N__{Path|Field|Rule} to a path with a slash at its beginning, the name of a field, and a rule or a family of docs/firewall.md, or * for all.");
        }
    }
}

/// <summary>A field that a rule does not judge, below a path.</summary>
internal sealed record FirewallExclusion
{
    public string Path { get; init; } = "/";

    public string Field { get; init; } = "";

    public string Rule { get; init; } = "*";

    public bool IsValid => Path.StartsWith('/') && Field.Length > 0 && (Rule == "*" || Rules.All.Any(rule => rule.Id == Rule || rule.Family == Rule));

    public bool Covers(PathString path, Rule rule, string field)
        => field.Equals(Field, StringComparison.OrdinalIgnoreCase) && (Rule == "*" || rule.Id == Rule || rule.Family == Rule)
            && (Path == "/" || path.StartsWithSegments(Path, StringComparison.OrdinalIgnoreCase));
}
