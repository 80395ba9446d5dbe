using System.Globalization;
using System.Net;
using Microsoft.Extensions.Options;

namespace SecureShop.ServiceDefaults;

/// <summary>Section <c>Proxies</c>: which proxies stand before this process. Kept as text, so that the validator words a refusal.</summary>
public sealed record ProxyOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Proxies";

    private const int MaxHops = 4;

    /// <summary>The networks whose forwarding headers are believed, with commas in between; <c>none</c> for nobody, null for loopback.</summary>
    public string? Networks { get; init; }

    /// <summary>How many proxies stand in a row.</summary>
    public string Hops { get; init; } = "1";

    internal List<IPNetwork>? ParseNetworks()
    {
        var networks = new List<IPNetwork>();
        if (Networks == "none")
            return networks;
        foreach (var text in (Networks ?? "127.0.0.0/8,::1/128").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (!IPNetwork.TryParse(text, out var network))
                return null;
            networks.Add(network);
        }

        return networks;
    }

    internal int? ParseHops()
        => int.TryParse(Hops, NumberStyles.None, CultureInfo.InvariantCulture, out var hops) && hops is >= 1 and <= MaxHops ? hops : null;

    internal sealed class Validator : IValidateOptions<ProxyOptions>
    {
        public ValidateOptionsResult Validate(string? name, ProxyOptions options)
        {
            if (options.ParseNetworks() is null)
                return ValidateOptionsResult.Fail("Set Proxies__Networks to networks such as 10.0.0.0/8, separated by commas, or to none.");
            return options.ParseHops() is null
                ? ValidateOptionsResult.Fail($"Set Proxies__Hops to how many proxies stand in a row before this process, 1 to {MaxHops}.")
                : ValidateOptionsResult.Success;
        }
    }
}
