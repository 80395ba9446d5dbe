using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace SecureShop.Bench.Load;

/// <summary>A whole system of its own, on ports of its own, with limits that a load does not run into. On Linux: it reads /proc.</summary>
internal sealed partial class Shop : IAsyncDisposable
{
    private const string Mark = "SECURESHOP_BENCH";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private static readonly string[] Ports = ["Shop", "Identity", "Plain"];
    private static readonly string[] DashboardPorts = ["Dashboard", "Otlp", "Resources"];

    private static readonly string ThisAppHost = Path.GetFullPath(
        typeof(Shop).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == "AppHost").Value!);

    private readonly ConcurrentQueue<string> _console = new();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Process _appHost;
    private readonly string _folder;

    private Shop(Process appHost, string folder) => (_appHost, _folder) = (appHost, folder);

    /// <summary>The gateway's origin of the shop.</summary>
    public Uri Gateway { get; private set; } = null!;

    /// <summary>The catalog's own address, behind the gateway.</summary>
    public Uri Catalog { get; private set; } = null!;

    /// <summary>The identity server's own address, behind the gateway.</summary>
    public Uri Identity { get; private set; } = null!;

    /// <summary>A product to read, as a path of the catalog.</summary>
    public string Product { get; private set; } = "";

    /// <summary>Somebody who shops there, and signs in by a password alone.</summary>
    public (string Email, string Password) Customer { get; private set; }

    /// <summary>The certificate of all its parts, and no other.</summary>
    public X509ChainPolicy Trust { get; } = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };

    /// <summary>Its processes by part.</summary>
    public ProcessMeter Processes { get; private set; } = null!;

    /// <summary>Starts the system that was built with this program.</summary>
    public static Task<Shop> StartAsync(params IReadOnlyCollection<string> options) => StartBuildAsync(ThisAppHost, options);

    /// <summary>Starts another build's system, by the path of its AppHost.dll.</summary>
    public static async Task<Shop> StartBuildAsync(string appHost, params IReadOnlyCollection<string> options)
    {
        // Whoever names a port for telemetry gets it exported there, dashboard or not.
        var ports = options.Contains("--no-dashboard") ? Ports : Ports.Concat(DashboardPorts);
        var folder = Directory.CreateTempSubdirectory("secureshop-bench-").FullName;

        // Started by root, Postgres runs as nobody and has to pass through.
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(folder, (UnixFileMode)Convert.ToInt32("711", 8));
        var process = Process.Start(new ProcessStartInfo("dotnet", [
            Path.GetFullPath(appHost), "--data-dir", Path.Combine(folder, "data"), .. ports.Select(port => $"--Ports:{port}=0"), .. options])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            Environment =
            {
                [Mark] = folder,
                ["DOTNET_ENVIRONMENT"] = "Development",
                ["Limits__Policies__address_read__Permits"] = "10000000",
                ["Limits__Policies__address_read__Burst"] = "10000000",
                ["Attempts__PerAccount"] = "20",
                ["Attempts__PerAddress"] = "1000",
            },
        })!;
        var shop = new Shop(process, folder);
        process.OutputDataReceived += (_, line) => shop.Hear(line.Data);
        process.ErrorDataReceived += (_, line) => shop.Hear(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            await shop.ReadyAsync();
            return shop;
        }
        catch
        {
            await shop.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_appHost.HasExited)
        {
            using var kill = Process.Start("kill", ["-TERM", _appHost.Id.ToString(CultureInfo.InvariantCulture)]);
            await _appHost.WaitForExitAsync();
        }

        _appHost.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private void Hear(string? line)
    {
        if (line is null)
            return;
        _console.Enqueue(line);

        // The last line of what AppHost says when all is ready.
        if (line.Contains("dev-certs", StringComparison.Ordinal))
            _ready.TrySetResult();
    }

    private async Task ReadyAsync()
    {
        await Task.WhenAny(_ready.Task, _appHost.WaitForExitAsync()).WaitAsync(Patience);
        if (!_ready.Task.IsCompleted)
            throw new InvalidOperationException($"AppHost ended:{Environment.NewLine}{string.Join(Environment.NewLine, _console)}");
        Gateway = Address(ShopLine());
        Catalog = Address(CatalogLine());
        Identity = Address(IdentityLine());
        var customer = _console.Select(line => CustomerLine().Match(line)).First(match => match.Success).Groups;
        Customer = (customer["email"].Value, customer["password"].Value);
        Trust.CustomTrustStore.ImportFromPemFile(Path.Combine(_folder, "data", "certificate", "localhost.pem"));
        Processes = ProcessMeter.OfMarked($"{Mark}={_folder}");
        using var handler = new SocketsHttpHandler { SslOptions = { CertificateChainPolicy = Trust } };
        using var http = new HttpMessageInvoker(handler);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Catalog, "/products?limit=1"));
        using var answer = await http.SendAsync(request, CancellationToken.None);
        var page = JsonElement.Parse(await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync());
        Product = $"products/{page.GetProperty("items")[0].GetProperty("id").GetString()}";
    }

    private Uri Address(Regex line) =>
        new(_console.Select(text => line.Match(text)).First(match => match.Success).Groups["address"].Value);

    [GeneratedRegex(@"^ +Shop +(?<address>https://\S+)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ShopLine();

    [GeneratedRegex(@"^ +(?<email>\S+@\S+) +(?<password>\S+) +customer$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex CustomerLine();

    [GeneratedRegex(@"^ +catalog +\w+ +[0-9.]+ s +(?<address>https://\S+)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex CatalogLine();

    [GeneratedRegex(@"^ +identity +\w+ +[0-9.]+ s +(?<address>https://\S+)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex IdentityLine();
}
