using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace SecureShop.StandIns.AspireDashboard.Serving;

/// <summary>
/// Kestrel with small limits. It is built from nothing: no logging, and no configuration from files or from the host's
/// environment, whose ASPNETCORE_* and Kestrel settings are meant for others.
/// </summary>
internal static class WebHost
{
    /// <summary>The most that a request of telemetry may hold, packed.</summary>
    public const int LargestBody = 4 * 1024 * 1024;

    public static WebApplication Build(Dashboard dashboard, IReadOnlyList<LoopbackDoor> doors, X509Certificate2 certificate)
    {
        var builder = WebApplication.CreateEmptyBuilder(new() { ApplicationName = "Dashboard", ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton<IHostLifetime, HostDecides>();
        builder.Services.Configure<SocketTransportOptions>(options => options.CreateBoundListenSocket = endPoint =>
            doors.Select(door => door.Take(endPoint)).OfType<System.Net.Sockets.Socket>().FirstOrDefault()
            ?? SocketTransportOptions.CreateDefaultBoundListenSocket(endPoint));
        builder.WebHost.ConfigureKestrel(options =>
        {
            Limit(options);
            var tls = Tls(certificate);
            foreach (var endPoint in doors.SelectMany(door => door.EndPoints))
            {
                options.Listen(endPoint, listen =>
                {
                    listen.Protocols = HttpProtocols.Http1AndHttp2;
                    listen.UseHttps(tls);
                });
            }
        });

        var app = builder.Build();
        Pipeline.Use(app, dashboard);
        return app;
    }

    private static void Limit(KestrelServerOptions options)
    {
        options.AddServerHeader = false;
        var limits = options.Limits;
        limits.MaxConcurrentConnections = 256;
        limits.MaxRequestBodySize = LargestBody;
        limits.MaxRequestHeaderCount = 48;
        limits.MaxRequestHeadersTotalSize = 16 * 1024;
        limits.MaxRequestLineSize = 8 * 1024;
        limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        limits.Http2.MaxStreamsPerConnection = 64;
    }

    // Its chain is built once, when the first client comes: that reads all of a machine's authorities and would hold up the start.
    private static TlsHandshakeCallbackOptions Tls(X509Certificate2 certificate)
    {
        var context = new Lazy<SslStreamCertificateContext>(() => SslStreamCertificateContext.Create(certificate, additionalCertificates: null, offline: true));
        return new()
        {
            OnConnection = _ => new(new SslServerAuthenticationOptions
            {
                ServerCertificateContext = context.Value,
                EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            }),
            HandshakeTimeout = TimeSpan.FromSeconds(5),
        };
    }

    /// <summary>Without it the server would listen to SIGINT and SIGTERM, and end before what it shows has ended.</summary>
    private sealed class HostDecides : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
