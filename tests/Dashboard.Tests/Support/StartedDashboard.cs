using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using SecureShop.StandIns.AspireDashboard;

namespace SecureShop.Dashboard.Tests.Support;

/// <summary>A dashboard on free ports, and clients for it.</summary>
public sealed class StartedDashboard : IAsyncDisposable
{
    private readonly HttpClient _pages;

    private StartedDashboard(DashboardServer server, TestHost host, ConsoleHistory console, List<Uri> printed)
    {
        Server = server;
        Host = host;
        Console = console;
        Printed = printed;
        _pages = PemCertificate.Client(server.Address);
    }

    public DashboardServer Server { get; }

    public TestHost Host { get; }

    public ConsoleHistory Console { get; }

    /// <summary>The login links that were told after one was used.</summary>
    public IReadOnlyList<Uri> Printed { get; }

    public string CookieName => $"__Host-dashboard-{Server.Address.Port}";

    /// <summary>The cookie header of the session that <see cref="SignInAsync"/> began.</summary>
    public string? Cookie { get; set; }

    public static async Task<StartedDashboard> StartAsync(TimeProvider? clock = null, Func<DashboardOptions, DashboardOptions>? change = null)
    {
        var printed = new List<Uri>();
        var options = new DashboardOptions
        {
            ApplicationName = "SecureShop",
            Port = 0,
            OtlpPort = 0,
            CertificatePath = PemCertificate.CertificatePath,
            KeyPath = PemCertificate.KeyPath,
            LoginLinkUsed = link =>
            {
                lock (printed)
                    printed.Add(link);
            },
            Clock = clock ?? TimeProvider.System,
        };
        var host = new TestHost();
        var console = new ConsoleHistory(clock);
        return new(await DashboardServer.StartAsync(change?.Invoke(options) ?? options, host, console, CancellationToken.None), host, console, printed);
    }

    public async Task<StartedDashboard> SignInAsync()
    {
        using var answer = await _pages.GetAsync(Server.LoginLink, TestContext.Current.CancellationToken);
        answer.EnsureSuccessStatusCode();
        Cookie = answer.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
        return this;
    }

    /// <summary>One that sends telemetry to it.</summary>
    internal Sample Sender() => new(Server.OtlpAddress, Server.OtlpApiKey);

    /// <summary>Sends with the session's cookie, where there is one.</summary>
    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        if (Cookie is not null)
            request.Headers.Add("Cookie", Cookie);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return await _pages.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
    }

    public Task<HttpResponseMessage> GetAsync(string path, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Get, path, headers);

    public async Task<HttpStatusCode> StatusOfAsync(string path, params (string Name, string Value)[] headers)
    {
        using var answer = await GetAsync(path, headers);
        return answer.StatusCode;
    }

    /// <summary>As a page of the dashboard posts.</summary>
    public Task<HttpResponseMessage> PostAsync(string path) =>
        SendAsync(HttpMethod.Post, path, ("Origin", Server.Address.GetLeftPart(UriPartial.Authority)), ("Sec-Fetch-Site", "same-origin"));

    /// <summary>The answer's JSON; anything but 200 fails.</summary>
    public async Task<JsonElement> ReadAsync(string path)
    {
        using var answer = await GetAsync(path);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {(int)answer.StatusCode} {text}");
        Assert.Equal(new MediaTypeHeaderValue("application/json"), answer.Content.Headers.ContentType);
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }

    public async ValueTask DisposeAsync()
    {
        _pages.Dispose();
        await Server.DisposeAsync();
    }
}
