using Microsoft.Extensions.Configuration;
using SecureShop.StandIns.AspireHosting;
using SecureShop.StandIns.AspireHosting.Orchestration;

namespace SecureShop.AppHost.Tests.Orchestration;

public sealed class DashboardPortsTests
{
    [Theory]
    [InlineData(null, null, null, null, 7090, null)]
    [InlineData(null, null, "https://localhost:7190", "https://localhost:7191", 7190, 7191)]
    [InlineData(null, null, "http://localhost:5000;https://localhost:7190", null, 7190, null)]
    [InlineData("9001", "9002", "https://localhost:7190", "https://localhost:7191", 9001, 9002)]
    [InlineData(null, null, "no address", "", 7090, null)]
    public void The_command_line_goes_before_the_launch_profile(string? pages, string? otlp, string? urls, string? endpoint, int wantedPages, int? wantedOtlp) =>
        Assert.Equal(new(wantedPages, wantedOtlp), DashboardPorts.From(Settings(pages, otlp, urls, endpoint)));

    [Theory]
    [InlineData("many")]
    [InlineData("0")]
    [InlineData("70000")]
    public void A_port_that_is_none_is_told(string text) => Assert.Equal(
        $"Ports:Dashboard takes a number from 1 to 65535, not '{text}'.",
        Assert.Throws<HostingException>(() => DashboardPorts.From(Settings(text, null, null, null))).Message);

    private static IConfiguration Settings(string? pages, string? otlp, string? urls, string? endpoint) => new ConfigurationBuilder()
        .AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Ports:Dashboard"] = pages,
            ["Ports:Otlp"] = otlp,
            ["ASPNETCORE_URLS"] = urls,
            ["ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL"] = endpoint,
        }).Build();
}
