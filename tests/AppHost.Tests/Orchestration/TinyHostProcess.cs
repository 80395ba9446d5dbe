using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;

namespace SecureShop.AppHost.Tests.Orchestration;

/// <summary>Starts AppHost.Child as an AppHost, in a folder of its own, and leaves nothing of it.</summary>
internal sealed class TinyHostProcess : IDisposable
{
    private readonly List<int> _hosts = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public string Folder { get; } = Directory.CreateTempSubdirectory("tinyhost-tests-").FullName;

    public string DataPath => Path.Combine(Folder, "data");

    public string ReadyPath => Path.Combine(Folder, "ready.json");

    public Process Start(params string[] args) => Start(args, []);

    public Process Start(IReadOnlyList<string> args, IReadOnlyList<(string Name, string Value)> variables)
    {
        var dotnet = Environment.ProcessPath!.EndsWith("dotnet", StringComparison.Ordinal) ? Environment.ProcessPath : "dotnet";

        // A script that starts the tests in the background has them ignore SIGINT, and what they start as well.
        string[] prefix = OperatingSystem.IsLinux() ? ["env", "--default-signal=INT", dotnet] : [dotnet];
        string[] data = args.Contains("--data-dir") ? [] : ["--data-dir", DataPath];
        var start = new ProcessStartInfo(prefix[0], [.. prefix[1..], "exec", Path.Combine(AppContext.BaseDirectory, "AppHost.Child.dll"), .. args, .. data, "--ready-file", ReadyPath])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // Neither what this shell has set up for an AppHost, nor what another test is just trying.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("AppHost", StringComparison.OrdinalIgnoreCase) || name.StartsWith("ASP", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(name);
        foreach (var (name, value) in variables)
            start.Environment[name] = value;
        var host = Process.Start(start)!;
        _hosts.Add(host.Id);
        return host;
    }

    /// <summary>Reads what it says, up to a line that holds this.</summary>
    public async Task<string> UntilSaidAsync(Process host, string part)
    {
        while (await host.StandardOutput.ReadLineAsync(Cancellation) is { } line)
        {
            if (line.Contains(part, StringComparison.Ordinal))
                return line;
        }

        throw new InvalidOperationException($"It ended and has not said '{part}': {await host.StandardError.ReadToEndAsync(Cancellation)}");
    }

    /// <summary>The next login link that it prints.</summary>
    public async Task<Uri> LinkAsync(Process host)
    {
        var line = await UntilSaidAsync(host, "  Dashboard  https://");
        Assert.EndsWith("(opens once; the next link appears here after use)", line, StringComparison.Ordinal);
        return new Uri(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]);
    }

    /// <summary>A client that trusts the authority of this AppHost alone, signed in.</summary>
    public async Task<HttpClient> SignInAsync(Uri link)
    {
        var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        trust.CustomTrustStore.Add(X509CertificateLoader.LoadCertificateFromFile(Path.Combine(DataPath, "certificates", "ca.pem")));
        var handler = new SocketsHttpHandler { CookieContainer = new CookieContainer(), SslOptions = new() { CertificateChainPolicy = trust } };
        var client = new HttpClient(handler, disposeHandler: true) { BaseAddress = new Uri(link.GetLeftPart(UriPartial.Authority)) };
        try
        {
            using var answer = await client.GetAsync(link, Cancellation);
            answer.EnsureSuccessStatusCode();
            return client;
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    public async Task<JsonElement> ReadyAsync()
    {
        await Eventually.IsTrue(() => File.Exists(ReadyPath));
        return JsonSerializer.Deserialize<JsonElement>(await File.ReadAllTextAsync(ReadyPath, Cancellation));
    }

    public static async Task<int> EndAsync(Process host)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        patience.CancelAfter(TimeSpan.FromSeconds(60));
        await host.WaitForExitAsync(patience.Token);
        return host.ExitCode;
    }

    public static async Task SignalAsync(Process host, string signal)
    {
        using var kill = Process.Start("kill", ["-s", signal, host.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(Cancellation);
    }

    public static bool IsRunning(int pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    public void Dispose()
    {
        foreach (var host in _hosts.Where(IsRunning))
        {
            using var left = Process.GetProcessById(host);
            left.Kill();
            left.WaitForExit();
        }

        Directory.Delete(Folder, recursive: true);
    }
}
