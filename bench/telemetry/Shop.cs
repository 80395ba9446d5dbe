using System.Diagnostics;
using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Reflection;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using SecureShop.Bench.Load;

namespace SecureShop.Bench.Telemetry;

/// <summary>A whole system of its own, on ports of its own, with limits that a load does not run into.</summary>
internal sealed class Shop : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    // The first second fills the exporters' queues; after the last, what is queued is still to be sent, and counts.
    private static readonly TimeSpan RunUp = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(1.5);

    private readonly Process _appHost;
    private readonly string _folder;
    private LoadGenerator? _load;
    private Uri? _product;
    private ILookup<string, int> _processes = Array.Empty<int>().ToLookup(_ => "");

    private Shop(Process appHost, string folder)
    {
        _appHost = appHost;
        _folder = folder;
    }

    public static async Task<Shop> StartAsync(string name, IEnumerable<string> options, Uri? exportTo, int connections)
    {
        var folder = Directory.CreateTempSubdirectory("secureshop-bench-").FullName;

        // Started by root, Postgres runs as nobody and has to pass through.
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(folder, (UnixFileMode)Convert.ToInt32("711", 8));
        var program = typeof(Shop).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == "AppHost").Value!;
        var start = new ProcessStartInfo("dotnet", [
            Path.GetFullPath(program), "--data-dir", Path.Combine(folder, "data"), "--ready-file", Path.Combine(folder, "ready"),
            .. Ports(), .. options])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
            Environment =
            {
                ["DOTNET_ENVIRONMENT"] = "Development",
                ["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"] = "",
                ["Limits__Read__Address__Burst"] = "10000000",
                ["Limits__Read__Address__Minute"] = "10000000",
            },
        };
        start.Environment["ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL"] = exportTo?.GetLeftPart(UriPartial.Authority);
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        var shop = new Shop(process, folder);
        try
        {
            await shop.ReadyAsync(connections);
            Console.WriteLine($"Telemetry {name}: ready.");
            return shop;
        }
        catch
        {
            await shop.DisposeAsync();
            throw;
        }
    }

    public async Task<Slice> MeasureAsync(TimeSpan duration)
    {
        var before = Cpu();
        var runUp = await _load!.RunAsync(_product!, RunUp);
        var sample = await _load.RunAsync(_product!, duration);
        await Task.Delay(Settling);
        var after = Cpu();
        return new(
            sample with { Failed = sample.Failed + runUp.Failed },
            runUp.Milliseconds.Length + sample.Milliseconds.Length,
            after.ToDictionary(part => part.Key, part => part.Value - before[part.Key], StringComparer.Ordinal));
    }

    public async ValueTask DisposeAsync()
    {
        _load?.Dispose();
        if (!_appHost.HasExited)
        {
            using var kill = Process.Start("kill", ["-TERM", _appHost.Id.ToString(CultureInfo.InvariantCulture)]);
            await _appHost.WaitForExitAsync();
        }

        _appHost.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task ReadyAsync(int connections)
    {
        var started = Stopwatch.GetTimestamp();
        var file = Path.Combine(_folder, "ready");
        while (!File.Exists(file))
        {
            if (_appHost.HasExited || Stopwatch.GetElapsedTime(started) > Patience)
                throw new InvalidOperationException("AppHost did not become ready.");
            await Task.Delay(100);
        }

        var ready = JsonElement.Parse(await File.ReadAllTextAsync(file));
        _processes = ready.GetProperty("resources").EnumerateArray()
            .SelectMany(resource => resource.GetProperty("pids").EnumerateArray().Select(pid => (Name: resource.GetProperty("name").GetString()!, Id: pid.GetInt32())))
            .Append(("AppHost", _appHost.Id))
            .ToLookup(process => process.Item1, process => process.Item2);
        var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        trust.CustomTrustStore.ImportFromPemFile(ready.GetProperty("authorityPath").GetString()!);
        var gateway = ready.GetProperty("resources").EnumerateArray().Single(resource => resource.GetProperty("name").GetString() == "gateway");
        _product = await FindProductAsync(new Uri(gateway.GetProperty("endpoints").GetProperty("shop").GetString()!), trust);
        _load = new LoadGenerator(connections, trust);
    }

    private static async Task<Uri> FindProductAsync(Uri origin, X509ChainPolicy trust)
    {
        using var handler = new SocketsHttpHandler { SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = trust } };
        using var http = new HttpMessageInvoker(handler);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(origin, "/api/catalog/products?limit=1"));
        using var answer = await http.SendAsync(request, CancellationToken.None);
        var page = JsonElement.Parse(await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync());
        return new Uri(origin, $"/api/catalog/products/{page.GetProperty("items")[0].GetProperty("id").GetString()}");
    }

    /// <summary>CPU seconds of each part so far. What Postgres computes, its children do: they are left out, and have no telemetry.</summary>
    public Dictionary<string, double> Cpu() => Of(process => process.TotalProcessorTime.TotalSeconds);

    /// <summary>Megabytes that each part holds in memory.</summary>
    public Dictionary<string, double> Memory() => Of(process => process.WorkingSet64 / 1e6);

    private Dictionary<string, double> Of(Func<Process, double> measure) => _processes.Where(part => part.Key is not "postgres").ToDictionary(
        part => part.Key,
        part => part.Sum(id =>
        {
            using var process = Process.GetProcessById(id);
            return measure(process);
        }),
        StringComparer.Ordinal);

    /// <summary>Ports that nothing listens on: all are held at once before any is let go.</summary>
    private static IEnumerable<string> Ports()
    {
        string[] names = ["Shop", "Identity", "Plain", "Dashboard", "Otlp"];
        var listeners = names.Select(_ => new TcpListener(System.Net.IPAddress.Loopback, 0)).ToList();
        listeners.ForEach(listener => listener.Start());
        var ports = listeners.Select(listener => ((System.Net.IPEndPoint)listener.LocalEndpoint).Port).ToList();
        listeners.ForEach(listener => listener.Dispose());
        return names.Zip(ports).SelectMany(pair => new[] { $"--Ports:{pair.First}", pair.Second.ToString(CultureInfo.InvariantCulture) });
    }
}
