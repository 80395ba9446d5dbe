using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace SecureShop.StandIns.AspireHosting.Orchestration;

/// <summary>Where the dashboard listens: its pages, and its receiver of telemetry.</summary>
/// <param name="Pages">The port of the pages.</param>
/// <param name="Otlp">The port of the receiver; null to have one found.</param>
internal sealed record DashboardPorts(int Pages, int? Otlp)
{
    private const int Usual = 7090;

    /// <summary>As the command line has it, else the launch profile, which says it the way Aspire reads it.</summary>
    /// <exception cref="HostingException">A port is none.</exception>
    public static DashboardPorts From(IConfiguration configuration) => new(
        Given(configuration, "Dashboard") ?? PortOf(configuration["ASPNETCORE_URLS"]) ?? Usual,
        Given(configuration, "Otlp") ?? PortOf(configuration["ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL"]));

    private static int? Given(IConfiguration configuration, string name) => configuration[$"Ports:{name}"] switch
    {
        null or "" => null,
        var text when ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0 => port,
        var text => throw new HostingException($"Ports:{name} takes a number from 1 to {ushort.MaxValue}, not '{text}'."),
    };

    private static int? PortOf(string? urls) => (urls ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .Select(url => Uri.TryCreate(url, UriKind.Absolute, out var address) ? address : null)
        .OfType<Uri>()
        .OrderByDescending(address => address.Scheme == Uri.UriSchemeHttps)
        .Select(address => (int?)address.Port)
        .FirstOrDefault();
}
