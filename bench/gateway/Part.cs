using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;
using SecureShop.EmbeddedServers;
using SecureShop.Testing;

namespace SecureShop.Bench.Gateway;

/// <summary>A process of its own that listens on a port that it chose, and ends with this one.</summary>
internal sealed partial class Part(ServerProcess process, Uri address) : IAsyncDisposable
{
    /// <summary>The environment variable with the keys that the service publishes.</summary>
    public const string KeySetVariable = "SECURESHOP_BENCH_KEYS";

    /// <summary>The environment variable with the core that is the gateway's.</summary>
    private const string CoreVariable = "SECURESHOP_BENCH_CORE";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    public Uri Address => address;

    private Process Running { get; } = Process.GetProcessById(process.Id);

    /// <summary>CPU seconds so far.</summary>
    public double Cpu()
    {
        Running.Refresh();
        return Running.TotalProcessorTime.TotalSeconds;
    }

    /// <summary>Starts this program again, in another role.</summary>
    public static Task<Part> StartAsync(params IEnumerable<string> role)
        => StartAsync([typeof(Part).Assembly.Location, .. role], [(KeySetVariable, JsonSerializer.Serialize(TestTokens.KeySet()))]);

    /// <summary>Starts the gateway before <paramref name="service"/>, with limits that nobody reaches.</summary>
    public static Task<Part> StartGatewayAsync(Uri service, string redis, params (string Name, string Value)[] more)
    {
        string[] limits = ["address_read", "address_write", "subject_read", "subject_write"];
        return StartAsync(
            [Path.Combine(AppContext.BaseDirectory, "Gateway.dll")],
            [
                ("Shop__Origin", TestTokens.ShopOrigin), ("Identity__Issuer", TestTokens.Issuer), ("ConnectionStrings__redis", redis),
                ("services__identity__https__0", service.ToString()), ("services__catalog__https__0", service.ToString()), ("services__orders__https__0", service.ToString()),
                ("Services__TrustedRoots", TestCertificate.RootFile), ("ServiceClient__Id", "gateway"), ("ServiceClient__Key", ClientKeys.Private()), ("Redis__TimeoutMilliseconds", "5000"),
                .. limits.SelectMany(limit => new[] { ($"Limits__Policies__{limit}__Permits", "1000000000"), ($"Limits__Policies__{limit}__Burst", "100000000") }),
                .. more,
            ]);
    }

    /// <summary>Serves until the process is told to end, and says where.</summary>
    public static async Task ServeAsync(WebApplication app)
    {
        await app.StartAsync();
        Console.WriteLine($"Now listening on: {app.Urls.Single()}");
        await app.WaitForShutdownAsync();
    }

    public ValueTask DisposeAsync() => process.DisposeAsync();

    private static async Task<Part> StartAsync(IEnumerable<string> arguments, IEnumerable<(string Name, string Value)> settings)
    {
        // On a core that the callers do not use, where one is named.
        string[] command = Environment.GetEnvironmentVariable(CoreVariable) is { Length: > 0 } core && arguments.First().EndsWith("Gateway.dll", StringComparison.Ordinal)
            ? ["taskset", "-c", core, DotNetHost.Program, .. arguments]
            : [DotNetHost.Program, .. arguments];
        var start = new ProcessStartInfo(command[0], command[1..]) { WorkingDirectory = AppContext.BaseDirectory };
        var (certificate, key) = (TestCertificate.Files.CertificatePath, TestCertificate.Files.KeyPath);
        (string Name, string Value)[] common =
        [
            ("ASPNETCORE_URLS", "https://127.0.0.1:0"), ("Kestrel__Certificates__Default__Path", certificate), ("Kestrel__Certificates__Default__KeyPath", key),

            // What OpenSSL believes, and so the bare proxy.
            ("SSL_CERT_FILE", certificate),
        ];
        foreach (var (name, value) in common.Concat(settings))
            start.Environment[name] = value;
        var address = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        var process = await ServerProcess.StartAsync(start, "TERM", line =>
        {
            if (Listening().Match(line) is { Success: true } listening)
                address.TrySetResult(new($"https://localhost:{listening.Groups["port"].Value}"));
        });
        if (await Task.WhenAny(address.Task, process.Exited).WaitAsync(Patience) != address.Task)
            throw new InvalidOperationException($"A part ended: {string.Join(Environment.NewLine, process.Lines)}");
        return new(process, await address.Task);
    }

    [GeneratedRegex("Now listening on: https://(127.0.0.1|localhost):(?<port>[0-9]+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Listening();
}
