using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using SecureShop.ServiceDefaults.Access;
using SecureShop.ServiceDefaults.Documents;
using SecureShop.ServiceDefaults.Tokens;
using SecureShop.Testing;

namespace SecureShop.ServiceDefaults.Tests;

/// <summary>A service made of ServiceDefaults, on https, in the environment Development, which must be no weaker.</summary>
internal sealed class ServiceHost : IAsyncDisposable
{
    /// <summary>How a refusal of it says where its metadata is.</summary>
    public const string Metadata = "resource_metadata=\"https://localhost:7443/.well-known/oauth-protected-resource/api/catalog\"";

    private ServiceHost(WebApplication app)
    {
        App = app;
        Client = TestCertificate.Client(app.HttpsAddress());
    }

    public WebApplication App { get; }

    public HttpClient Client { get; }

    public static async Task<ServiceHost> StartAsync(TestIssuer issuer, Action<WebApplication> map, Action<WebApplicationBuilder>? build = null, params (string Key, string Value)[] settings)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Development" });
        builder.Configuration.AddInMemoryCollection(issuer.Settings);
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)));
        builder.AddServiceDefaults();

        // After the defaults, which hold for the listeners that come then, as those of the settings do.
        builder.WebHost.ConfigureKestrel(options => options.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(TestCertificate.Leaf)));
        builder.AddTokenChecks("catalog");
        builder.AddAccessRules();
        builder.AddApiDocument("Test", "A service under test.");
        build?.Invoke(builder);

        var app = builder.Build();
        app.UseServiceDefaults();
        app.MapServiceDefaults();
        map(app);
        app.VerifyAccessRules();
        await app.StartAsync();
        return new(app);
    }

    public Task<HttpResponseMessage> GetAsync(string path, string? token = null) => SendAsync(HttpMethod.Get, path, token);

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? token = null, HttpContent? content = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);

        // Asked first: a large body that is refused unread may meet a connection that is closed already.
        request.Headers.ExpectContinue = content?.Headers.ContentLength > 16 * 1024;
        return await Client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await App.DisposeAsync();
    }
}
