using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;
using SecureShop.EmbeddedServers;

namespace SecureShop.AppHost.Tests;

public sealed class PreflightTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly List<string> _said = [];

    private static LocalSettings AnyPorts { get; } = new(1, null, null, null);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_port_that_another_program_has_is_named_before_anything_starts()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        var nothing = Configuration();

        var taken = Assert.Throws<SetupException>(() => Preflight.CheckPorts(new(1, port, null, null), nothing, dashboard: false));
        Assert.Equal($"Port {port} of the shop is taken: stop the program that listens there, or choose another port with --Ports:Shop.", taken.Message);
        Assert.Throws<SetupException>(() => Preflight.CheckPorts(new(1, null, port, null), nothing, dashboard: false));
        Assert.Throws<SetupException>(() => Preflight.CheckPorts(new(1, null, null, port), nothing, dashboard: false));

        listener.Stop();
        Preflight.CheckPorts(new(1, port, null, null), nothing, dashboard: false);
        Preflight.CheckPorts(new(1, null, null, null), nothing, dashboard: false);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("true")]
    [InlineData("TRUE")]
    public void Without_Unicodes_tables_nothing_starts_and_one_sentence_says_how_they_come(string invariant)
    {
        var message = Assert.Throws<SetupException>(() => Preflight.CheckUnicode(invariant)).Message;
        Assert.StartsWith($"DOTNET_SYSTEM_GLOBALIZATION_INVARIANT={invariant} ", message, StringComparison.Ordinal);
        Assert.Contains(InstallHint.Icu, message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("0")]
    [InlineData("false")]
    public void With_them_it_goes_on(string? invariant) => Preflight.CheckUnicode(invariant);

    [Fact]
    public void A_port_of_the_dashboard_counts_where_there_is_one()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var configuration = Configuration(("ASPNETCORE_URLS", $"https://localhost:{((IPEndPoint)listener.LocalEndpoint).Port}"));

        Assert.Throws<SetupException>(() => Preflight.CheckPorts(AnyPorts, configuration, dashboard: true));
        Preflight.CheckPorts(AnyPorts, configuration, dashboard: false);
    }

    [Fact]
    public void An_address_of_the_dashboard_that_is_none_is_named() => Assert.Equal(
        "ASPNETCORE_URLS is no address: http://+:8080.",
        Assert.Throws<SetupException>(() => Preflight.CheckPorts(AnyPorts, Configuration(("ASPNETCORE_URLS", "http://+:8080")), dashboard: true)).Message);

    [Theory]
    [InlineData("Replicas", "0")]
    [InlineData("Replicas", "100")]
    [InlineData("Replicas", "two")]
    [InlineData("Ports:Shop", "65536")]
    [InlineData("Ports:Plain", "-1")]
    public void A_setting_from_elsewhere_is_checked_too(string name, string value)
    {
        var refused = Assert.Throws<SetupException>(() => LocalSettings.Read(Configuration((name, value))));

        Assert.StartsWith($"{name} is a number from ", refused.Message, StringComparison.Ordinal);
        Assert.Equal(new(1, 7443, 7444, 7080), LocalSettings.Read(Configuration()));
        Assert.Equal(new(2, null, 7444, 7080), LocalSettings.Read(Configuration(("Replicas", "2"), ("Ports:Shop", "0"))));
    }

    [Theory]
    [InlineData("not a number")]
    [InlineData("")]
    [InlineData("2147483000")]
    public async Task A_file_of_a_server_that_is_gone_keeps_nobody_waiting(string process)
    {
        await File.WriteAllTextAsync(_folder.For("postmaster.pid"), process, TestContext.Current.CancellationToken);

        await Preflight.AwaitFormerPostgresAsync(_folder.Root, _said.Add);

        Assert.Empty(_said);
    }

    [Fact]
    public async Task A_file_that_names_another_programs_process_keeps_nobody_waiting()
    {
        await File.WriteAllTextAsync(_folder.For("postmaster.pid"), $"{Environment.ProcessId}\n", TestContext.Current.CancellationToken);

        await Preflight.AwaitFormerPostgresAsync(_folder.Root, _said.Add);

        Assert.Empty(_said);
    }

    [Fact]
    public async Task Damaged_data_is_told_and_whole_data_is_not()
    {
        _folder.Script("postgres", "exit 0");
        _folder.Script("pg_controldata", """[ -s "$2/PG_VERSION" ] || { echo "could not read file" >&2; exit 2; }""");
        Directory.CreateDirectory(_folder.For("data"));
        var binaries = new PostgresBinaries(_folder.Root, 18);

        await Preflight.CheckDataAsync(_folder.For("data"), binaries, hasPassword: true);
        await File.WriteAllTextAsync(_folder.For("data/PG_VERSION"), "18", TestContext.Current.CancellationToken);
        await Preflight.CheckDataAsync(_folder.For("data"), binaries, hasPassword: true);
        var locked = await Assert.ThrowsAsync<SetupException>(() => Preflight.CheckDataAsync(_folder.For("data"), binaries, hasPassword: false));
        Assert.StartsWith("The password to the data", locked.Message, StringComparison.Ordinal);
        await File.WriteAllTextAsync(_folder.For("data/PG_VERSION"), "", TestContext.Current.CancellationToken);

        var damaged = await Assert.ThrowsAsync<SetupException>(() => Preflight.CheckDataAsync(_folder.For("data"), binaries, hasPassword: true));
        Assert.Contains("is damaged (could not read file)", damaged.Message, StringComparison.Ordinal);
    }

    private static IConfiguration Configuration(params (string Name, string Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Name, (string?)setting.Value))).Build();
}
