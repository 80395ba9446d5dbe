using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using Npgsql;
using SecureShop.EmbeddedServers;
using SecureShop.Identity.Tests.Support;
using SecureShop.SystemTests.Support;
using SecureShop.Testing;

namespace SecureShop.Infra.Tests.Deployed;

/// <summary>
/// The system as the templates deploy it, behind an ingress that ends TLS: the database job and the four apps as processes with
/// exactly the settings of the evaluated templates, after <see cref="Substitutions"/>.
/// </summary>
public sealed class AsDeployed(Bicep bicep) : IAsyncLifetime
{
    /// <summary>Names that are not the gateway's. An ingress that sent it their requests all the same would be in error.</summary>
    public static readonly IReadOnlyList<string> Strangers = ["stranger.example", $"catalog.internal.{Azd.Domain}"];

    private readonly AppHostModel _host = new();
    private readonly TestServers _servers = new();
    private readonly Dictionary<string, Service> _services = new(StringComparer.Ordinal);

    private Deployment _deployment = null!;
    private PostgresServer _postgres = null!;
    private RedisServer _redis = null!;
    private Ingress _ingress = null!;
    private Substitutions _substitutions = null!;
    private IReadOnlyDictionary<string, string> _vault = null!;

    /// <summary>The two public host names, as the gateway's settings have them.</summary>
    public string Shop { get; private set; } = "";

    /// <inheritdoc cref="Shop"/>
    public string Identity { get; private set; } = "";

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        if (!Ingress.IsPossible)
            return;
        await using var templates = new EvaluatedTemplates(bicep);
        await templates.InitializeAsync();
        _deployment = templates.All;
        await _host.InitializeAsync();
        var cancellation = TestContext.Current.CancellationToken;
        _postgres = await _servers.StartPostgresAsync(cancellation);
        _redis = await _servers.StartRedisAsync(cancellation);
        var mailbox = await TestMailbox.SharedAsync();
        var administrator = RandomNumberGenerator.GetHexString(64);
        _vault = await FilledVault.FillAsync(_deployment, new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["postgres-admin-password"] = administrator,
            ["redis-connection"] = _redis.ConnectionString,
            ["mail-password"] = mailbox.Password,
        });
        await CreateDatabaseAsync(administrator);

        var gateway = App("gateway");
        (Shop, Identity) = (new Uri(gateway.Settings["Shop__Origin"]).Host, new Uri(gateway.Settings["Identity__Issuer"]).Host);
        _ingress = await Ingress.StartAsync([Shop, Identity, .. Strangers, .. Substitutions.Inner.Select(app => Substitutions.InsideOf(app).Here)]);
        _substitutions = new(_ingress, _postgres, mailbox);

        var (code, lines) = await RunJobAsync();
        if (code != 0)
            throw new InvalidOperationException($"The database job ended with {code}: {string.Join(System.Environment.NewLine, lines)}");
        await Task.WhenAll(Azd.Services.Where(name => App(name).HasIngress).Select(DeployAsync));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_services.Values.Select(service => service.DisposeAsync().AsTask()));
        if (_ingress is not null)
            await _ingress.DisposeAsync();
        if (_redis is not null)
            await _redis.DisposeAsync();
        if (_postgres is not null)
            await _postgres.DisposeAsync();
        _servers.Dispose();
        await _host.DisposeAsync();
    }

    internal App App(string name) => _deployment.App(name);

    internal Service Running(string name) => _services[name];

    internal HttpClient Client(string host, string from, bool plain = false) => _ingress.Client(host, from, plain);

    internal Browser Browse(string from) => new(Client(Identity, from));

    internal Shopper Shopper(string from, string? token = null) => new(Client(Shop, from), token);

    /// <summary>Starts one once more without one of its settings: whether it becomes ready, and what it says.</summary>
    internal async Task<(bool IsReady, IEnumerable<string> Said)> TryWithoutAsync(string name, string setting)
    {
        if (!App(name).HasIngress)
        {
            var (code, lines) = await RunJobAsync(setting);
            return (code == 0, lines);
        }

        var (service, readiness) = await StartAsync(name, _substitutions.NextAddress(), setting);
        await using var ended = service;

        // Nothing that it waits for is missing, so that its first answer is its last.
        var answer = await service.AnswerAsync(readiness, _ => true);
        return (answer == HttpStatusCode.OK, service.Output);
    }

    private Task<(int Code, IReadOnlyList<string> Lines)> RunJobAsync(string? without = null) => Tool.RunAsync(
        Service.Command(_host.Programs["database"], SettingsOf("database", _substitutions.NextAddress(), without)), static _ => { }, TestContext.Current.CancellationToken);

    private async Task<(Service Service, Uri Readiness)> StartAsync(string name, string address, string? without = null)
    {
        var probe = App(name).Container["probes"]!.AsArray().Single(probe => (string?)probe!["type"] == "Readiness")!["httpGet"]!;
        var service = await Service.StartAsync(name, _host.Programs[name], SettingsOf(name, address, without));
        return (service, new Uri($"http://{address}:{Substitutions.PortOf(probe["port"]?.ToString())}{probe["path"]}"));
    }

    private Dictionary<string, string> SettingsOf(string name, string address, string? without)
        => _substitutions.Apply(App(name), _vault, address).Where(setting => setting.Key != without).ToDictionary(StringComparer.Ordinal);

    private async Task DeployAsync(string name)
    {
        var address = _substitutions.NextAddress();
        var app = App(name);
        var target = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://{address}:{Substitutions.PortOf(app["configuration.ingress.targetPort"])}"));
        var hosts = app["configuration.ingress.external"] == "true" ? [Shop, Identity, .. Strangers] : (string[])[Substitutions.InsideOf(name).Here];
        foreach (var host in hosts)
            _ingress.Route(host, target, allowInsecure: app["configuration.ingress.allowInsecure"] == "true");

        var (service, readiness) = await StartAsync(name, address);
        lock (_services)
            _services.Add(name, service);
        await service.ReadyAsync(readiness);
    }

    // As on Azure: who sets up the database is no superuser, and the database belongs to a role that it is a member of.
    [SuppressMessage("Security", "CA2100", Justification = "The password is made here, of hexadecimal digits.")]
    private async Task CreateDatabaseAsync(string password)
    {
        await using var connection = new NpgsqlConnection(_postgres.ConnectionString());
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        foreach (var statement in (string[])
        [
            $"create role shopadmin login createrole createdb password '{password}'",
            "create role managers role shopadmin",
            "create database shop owner managers",
        ])
        {
            await using var command = new NpgsqlCommand(statement, connection);
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }
    }
}
