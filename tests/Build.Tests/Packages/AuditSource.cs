using System.Net;
using System.Net.Sockets;
using System.Text;

namespace SecureShop.Build.Tests.Packages;

/// <summary>A package source on this machine that has nothing but a list of known vulnerabilities.</summary>
internal sealed class AuditSource : IDisposable
{
    public const string Advisory = "https://github.com/advisories/GHSA-test-test-test";

    private readonly HttpListener _listener = new();
    private readonly Task _serving;
    private readonly string _vulnerabilities;

    /// <param name="package">The package that is vulnerable below 2.0.0, or none.</param>
    /// <param name="severity">0, low, to 3, critical.</param>
    public AuditSource(string? package = null, int severity = 0)
    {
        var root = $"http://127.0.0.1:{FreePort()}";
        Address = $"{root}/index.json";
        _vulnerabilities = package is null ? "{}" : $$"""{ "{{package}}": [{ "url": "{{Advisory}}", "severity": {{severity}}, "versions": "(, 2.0.0)" }] }""";
        _listener.Prefixes.Add($"{root}/");
        _listener.Start();
        _serving = ServeAsync(root);
    }

    public string Address { get; }

    public void Dispose()
    {
        _listener.Close();
        _serving.GetAwaiter().GetResult();
    }

    private async Task ServeAsync(string root)
    {
        while (_listener.IsListening)
        {
            try
            {
                var context = await _listener.GetContextAsync();
                var body = context.Request.Url!.AbsolutePath switch
                {
                    "/index.json" => $$"""{ "version": "3.0.0", "resources": [{ "@id": "{{root}}/known/index.json", "@type": "VulnerabilityInfo/6.7.0" }] }""",
                    "/known/index.json" => $$"""[{ "@name": "base", "@id": "{{root}}/known/base.json", "@updated": "2026-01-01T00:00:00Z" }]""",
                    "/known/base.json" => _vulnerabilities,
                    _ => null,
                };
                context.Response.StatusCode = body is null ? 404 : 200;
                context.Response.Close(Encoding.UTF8.GetBytes(body ?? ""), willBlock: false);
            }
            catch (Exception gone) when (gone is HttpListenerException or ObjectDisposedException)
            {
                return; // Closed by the test.
            }
        }
    }

    private static int FreePort()
    {
        using var socket = new TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        return ((IPEndPoint)socket.LocalEndpoint).Port;
    }
}
