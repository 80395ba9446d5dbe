using SecureShop.EmbeddedServers;

namespace SecureShop.AppHost.Tests;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("--replicas 3", "--Replicas=3")]
    [InlineData("--replicas=8", "--Replicas=8")]
    [InlineData("--Stores=embedded", "--Stores=embedded")]
    [InlineData("--stores containers", "--Stores=containers")]
    [InlineData("--Ports:Shop 9443", "--Ports:Shop=9443")]
    [InlineData("--ports:plain=0", "--Ports:Plain=0")]
    [InlineData("--Ports:Dashboard=8090", "--ASPNETCORE_URLS=https://localhost:8090")]
    [InlineData("--Ports:Otlp=0", "--ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL=https://localhost:0")]
    [InlineData("--Parameters:demo-alice-password=p=q", "--Parameters:demo-alice-password=p=q")]
    [InlineData("--DcpPublisher:RandomizePorts true", "--DcpPublisher:RandomizePorts=true")]
    [InlineData("--no-dashboard", "--ExportTelemetry=false")]
    [InlineData("--no-dashboard --Ports:Otlp=0", "--ExportTelemetry=false")]
    public void An_option_becomes_a_setting(string line, string setting) =>
        Assert.Contains(setting, CommandLine.Parse(line.Split(' ')).Settings);

    [Fact]
    public void What_is_not_said_is_as_on_a_laptop()
    {
        var line = CommandLine.Parse([]);

        Assert.True(line is { Help: false, Fresh: false, Dashboard: true });
        Assert.Contains("--ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL=https://localhost:7092", line.Settings);
        Assert.Contains("--environment=Development", line.Settings);
    }

    [Fact]
    public void Somebody_else_may_receive_the_telemetry()
    {
        var line = CommandLine.Parse(["--no-dashboard", "--ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL=https://localhost:4318"]);

        Assert.False(line.Dashboard);
        Assert.DoesNotContain("--ExportTelemetry=false", line.Settings);
        Assert.DoesNotContain(line.Settings, setting => setting.Contains("7091", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("-h")]
    [InlineData("--help")]
    [InlineData("--fresh --HELP")]
    public void Help_is_asked_for(string line) => Assert.True(CommandLine.Parse(line.Split(' ')).Help);

    [Theory]
    [InlineData("--freshh", "--freshh is not an option. --help explains all of them.")]
    [InlineData("fresh", "fresh is not an option. --help explains all of them.")]
    [InlineData("--fresh=false", "--fresh takes no value; leave it out where it is not meant.")]
    [InlineData("--No-Dashboard=x", "--No-Dashboard takes no value; leave it out where it is not meant.")]
    [InlineData("--replicas", "--replicas needs a value; --help explains.")]
    [InlineData("--replicas 0", "--replicas takes a number from 1 to 8, not '0'.")]
    [InlineData("--replicas 9", "--replicas takes a number from 1 to 8, not '9'.")]
    [InlineData("--replicas 2.5", "--replicas takes a number from 1 to 8, not '2.5'.")]
    [InlineData("--Ports:Shop 65536", "--Ports:Shop takes a number from 0 to 65535, not '65536'.")]
    [InlineData("--Ports:Shop -1", "--Ports:Shop takes a number from 0 to 65535, not '-1'.")]
    [InlineData("--Ports:Shopp 1", "--Ports:Shopp names no port: there are Shop, Identity, Plain, Dashboard, Otlp, Resources.")]
    public void A_mistake_is_answered_by_a_sentence(string line, string sentence) =>
        Assert.Equal(sentence, Assert.Throws<SetupException>(() => CommandLine.Parse(line.Split(' '))).Message);
}
