using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace SecureShop.Build.Tests.Packages;

/// <summary>A source of packages on this machine that has nothing but a list of known vulnerabilities: NuGet's, or npm's.</summary>
internal sealed class AuditSource : IDisposable
{
    public const string Advisory = "https://github.com/advisories/GHSA-test-test-test";

    private readonly HttpListener _listener;
    private readonly Task _serving;
    private readonly string _nuget;
    private readonly string _npm;

    /// <param name="package">The package that is vulnerable.</param>
    /// <param name="severity">0, low, to 3, critical.</param>
    /// <param name="below">In all versions before this one.</param>
    public AuditSource(string package, int severity, string below = "2.0.0")
    {
        (_listener, var root) = Listen();
        Registry = $"{root}/";
        Address = $"{root}/index.json";
        _nuget = $$"""{ "{{package}}": [{ "url": "{{Advisory}}", "severity": {{severity}}, "versions": "(, {{below}})" }] }""";
        _npm = $$"""{ "{{package}}": [{ "id": 1, "url": "{{Advisory}}", "title": "Known", "severity": "high", "vulnerable_versions": "<{{below}}", "cwe": [], "cvss": { "score": 0 } }] }""";
        _serving = ServeAsync(root);
    }

    public string Address { get; }

    public string Registry { get; }

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
                    "/known/base.json" => _nuget,
                    "/-/npm/v1/security/advisories/bulk" => _npm,
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

    // This kind of server is not given a free port: it tries until it has one.
    private static (HttpListener Listener, string Root) Listen()
    {
        while (true)
        {
            var root = $"http://127.0.0.1:{RandomNumberGenerator.GetInt32(20_000, 60_000)}";
            var listener = new HttpListener { Prefixes = { $"{root}/" } };
            try
            {
                listener.Start();
                return (listener, root);
            }
            catch (HttpListenerException)
            {
                listener.Close();
            }
        }
    }
}
