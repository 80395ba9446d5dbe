using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace SecureShop.Testing;

/// <summary>A small server on a free loopback port, for what the system under test calls; over https, unless it stands behind a proxy.</summary>
public sealed class LoopbackServer : IAsyncDisposable
{
    private readonly Action<WebApplication> configure;
    private readonly bool plain;
    private readonly Action<WebApplicationBuilder>? build;
    private readonly X509Certificate2 certificate;
    private WebApplication? app;

    /// <summary>A server with the routes that <paramref name="configure"/> maps, and what <paramref name="build"/> sets; by default with the certificate that all tests trust.</summary>
    public LoopbackServer(Action<WebApplication> configure, bool plain = false, Action<WebApplicationBuilder>? build = null, X509Certificate2? certificate = null)
        => (this.configure, this.plain, this.build, this.certificate) = (configure, plain, build, certificate ?? TestCertificate.Leaf);

    /// <summary>Where it listens; known once it started.</summary>
    public Uri Address { get; private set; } = new("https://localhost");

    /// <summary>Starts it.</summary>
    public async Task<LoopbackServer> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Services.AddRoutingCore();
        build?.Invoke(builder);
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(options =>
            options.Listen(IPAddress.Loopback, 0, listen => _ = plain ? listen : listen.UseHttps(certificate)));
        app = builder.Build();
        configure(app);
        await app.StartAsync();
        Address = plain ? new(app.Urls.Single()) : app.HttpsAddress();
        return this;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (app is not null)
            await app.DisposeAsync();
    }
}

/// <summary>Finds out where an application listens.</summary>
public static class TestAddresses
{
    /// <summary>The first https address of a started application, by the name on the test certificate.</summary>
    public static Uri HttpsAddress(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        var bound = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        var port = bound.Select(address => new Uri(address)).First(address => address.Scheme == Uri.UriSchemeHttps).Port;
        return new($"https://localhost:{port}");
    }
}
