using System.Globalization;
using Microsoft.Extensions.Configuration;
using SecureShop.EmbeddedServers;

namespace SecureShop.AppHost;

/// <summary>What AppHost itself takes from its configuration, whoever has set it.</summary>
/// <param name="Replicas">How many of each service.</param>
/// <param name="Shop">The port of the shop's origin; null for any.</param>
/// <param name="Identity">The port of the identity server's origin; null for any.</param>
/// <param name="Plain">The port for plain http; null for any.</param>
internal sealed record LocalSettings(int Replicas, int? Shop, int? Identity, int? Plain)
{
    /// <exception cref="SetupException">A value is no good.</exception>
    public static LocalSettings Read(IConfiguration configuration) => new(
        Number(configuration, "Replicas", 1, 1, 8),
        Port(configuration, "Ports:Shop", 7443),
        Port(configuration, "Ports:Identity", 7444),
        Port(configuration, "Ports:Plain", 7080));

    private static int? Port(IConfiguration configuration, string name, int usual) =>
        Number(configuration, name, usual, 0, ushort.MaxValue) is > 0 and var port ? port : null;

    private static int Number(IConfiguration configuration, string name, int usual, int minimum, int maximum) => configuration[name] is not { } text
        ? usual
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= minimum && number <= maximum
            ? number
            : throw new SetupException($"{name} is a number from {minimum} to {maximum}, not '{text}'.");
}
