using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SecureShop.Identity.Tests.Support;
using SecureShop.ServiceDefaults;
using SecureShop.ServiceDefaults.Access;
using SecureShop.ServiceDefaults.Tokens;
using SecureShop.Testing;

namespace SecureShop.Tokens.Tests.Support;

/// <summary>An API that checks tokens as the services do, by the keys of one replica of the token server.</summary>
internal sealed class ApiReplica : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly HttpClient client;

    private ApiReplica(WebApplication app) => (this.app, client) = (app, TestCertificate.Client(app.HttpsAddress()));

    public static async Task<ApiReplica> StartAsync(IdentityHost identity, TimeProvider clock)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Identity:Issuer"] = IdentityHost.Issuer,
            ["Shop:Origin"] = "https://localhost:7443",
            ["services:identity:https:0"] = identity.Address.AbsoluteUri,
            ["Services:TrustedRoots"] = TestCertificate.RootFile,
        });
        builder.Services.AddSingleton(clock);
        builder.AddServiceDefaults();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(options => options.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(TestCertificate.Leaf)));
        builder.AddTokenChecks("catalog");
        builder.AddAccessRules();

        var service = builder.Build();
        service.UseServiceDefaults();
        service.MapGet("/", () => "ok").RequireAccess(AccessRule.ForScope(Scope.CatalogRead));
        service.VerifyAccessRules();
        await service.StartAsync(TestContext.Current.CancellationToken);
        return new(service);
    }

    public async Task<HttpStatusCode> StatusAsync(string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/") { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", token) } };
        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await app.DisposeAsync();
    }
}
