using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Forwarder;

namespace SecureShop.Testing;

/// <summary>
/// Behaves as the ingress of Azure Container Apps: ends TLS for several host names, finds the app by Host, adds its peer to
/// X-Forwarded-For, says in X-Forwarded-Proto what it was spoken to, and goes on over plain http from a network of its own
/// (127.77.0.0/16, in the place of 100.64.0.0/10). It keeps X-Forwarded-Host from apps, which not every ingress does.
/// </summary>
public sealed class Ingress : IAsyncDisposable
{
    /// <summary>Where it connects to its targets from, as <c>Proxies:Networks</c> names it.</summary>
    public const string Network = "127.77.0.0/16";

    /// <summary>Why a test that needs one is skipped where it is not <see cref="IsPossible"/>.</summary>
    public const string Needs = "Needs more than one loopback address.";

    private static readonly IPAddress Own = IPAddress.Parse("127.77.0.1");

    private readonly WebApplication app;
    private readonly X509Certificate2 certificate;
    private readonly string folder = Directory.CreateTempSubdirectory("secureshop-ingress-").FullName;
    private readonly ConcurrentDictionary<string, Target> targets;
    private readonly Dictionary<string, int> ports;

    private Ingress(WebApplication app, X509Certificate2 certificate, IReadOnlyList<string> inside, ConcurrentDictionary<string, Target> targets)
    {
        (this.app, this.certificate, this.targets) = (app, certificate, targets);

        // In the order in which they were opened.
        var bound = app.Urls.Select(url => new Uri(url).Port).ToList();
        (PlainPort, Port) = (bound[0], bound[1]);
        ports = inside.Zip(bound.Skip(2)).ToDictionary(StringComparer.OrdinalIgnoreCase);
        TrustedRoots = Path.Combine(folder, "roots.pem");
        File.WriteAllText(TrustedRoots, $"{certificate.ExportCertificatePem()}\n{TestCertificate.Leaf.ExportCertificatePem()}\n");
    }

    /// <summary>Whether this machine has the addresses: macOS gives its loopback device a single one.</summary>
    public static bool IsPossible => !OperatingSystem.IsMacOS();

    /// <summary>For <c>Services:TrustedRoots</c>: the ingress' certificate, and that of the other servers of the tests.</summary>
    public string TrustedRoots { get; }

    private int Port { get; }

    private int PlainPort { get; }

    /// <summary>
    /// A host name for calls among services, for there is no DNS to ask: a loopback address, in a form that libraries, some of
    /// which treat localhost in a way of its own, do not take for one.
    /// </summary>
    public static string Inside(int number) => $"[::ffff:127.77.1.{number}]";

    /// <summary>Starts one that answers for these names, of which those by <see cref="Inside"/> can be connected to as they are.</summary>
    public static async Task<Ingress> StartAsync(params IReadOnlyList<string> names)
    {
        var inside = names.Where(name => name.StartsWith('[')).ToList();
        var made = TestCertificate.Make([.. names.Select(name => name.Trim('[', ']'))]);
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Logging.ClearProviders();
        builder.Services.AddHttpForwarder();
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(options =>
        {
            options.AddServerHeader = false;
            options.Listen(Own, 0);
            foreach (var address in inside.Select(name => IPAddress.Parse(name).MapToIPv4()).Prepend(Own))
                options.Listen(address, 0, listen => listen.UseHttps(made));
        });
        var server = builder.Build();
        var routes = new ConcurrentDictionary<string, Target>(StringComparer.OrdinalIgnoreCase);
        var forwarder = server.Services.GetRequiredService<IHttpForwarder>();
        var client = new HttpMessageInvoker(new SocketsHttpHandler
        {
            UseProxy = false,
            AllowAutoRedirect = false,
            UseCookies = false,
            ActivityHeadersPropagator = null,
            ConnectCallback = (context, cancellation) => ConnectAsync(Own, context.DnsEndPoint, cancellation),
        });
        server.Lifetime.ApplicationStopped.Register(client.Dispose);
        server.Run(context => ServeAsync(context, routes, forwarder, client));
        await server.StartAsync();
        return new(server, made, inside, routes);
    }

    /// <summary>From now on requests to <paramref name="name"/> go to <paramref name="target"/>; in the clear only where that is said.</summary>
    public void Route(string name, Uri target, bool allowInsecure = false) => targets[name] = new(target, allowInsecure);

    /// <summary>Where a name by <see cref="Inside"/> is reached.</summary>
    public Uri Address(string inside) => new($"https://{inside}:{ports[inside]}");

    /// <summary>A caller at the address <paramref name="from"/>, who asks for <paramref name="name"/> at its usual port.</summary>
    public HttpClient Client(string name, string from, bool plain = false)
    {
        var handler = TestCertificate.Handler(certificate);
        var end = new DnsEndPoint(Own.ToString(), plain ? PlainPort : Port);
        handler.ConnectCallback = (_, cancellation) => ConnectAsync(IPAddress.Parse(from), end, cancellation);
        return new(handler, disposeHandler: true) { BaseAddress = new Uri($"{(plain ? "http" : "https")}://{name}"), Timeout = TimeSpan.FromSeconds(30) };
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        certificate.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private static async Task ServeAsync(
        HttpContext context, ConcurrentDictionary<string, Target> routes, IHttpForwarder forwarder, HttpMessageInvoker client)
    {
        var request = context.Request;
        if (!routes.TryGetValue(request.Host.Host, out var target))
            context.Response.StatusCode = StatusCodes.Status404NotFound;
        else if (!request.IsHttps && !target.AllowInsecure)
            context.Response.Redirect($"https://{request.Host.Host}{request.Path.ToUriComponent()}{request.QueryString}", permanent: true);
        else
            await forwarder.SendAsync(context, target.Address.AbsoluteUri, client, ForwarderRequestConfig.Empty, Hop.Instance);
    }

    private static async ValueTask<Stream> ConnectAsync(IPAddress from, DnsEndPoint to, CancellationToken cancellation)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.Bind(new IPEndPoint(from, 0));
            await socket.ConnectAsync(to, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private sealed record Target(Uri Address, bool AllowInsecure);

    private sealed class Hop : HttpTransformer
    {
        public static readonly Hop Instance = new();

        public override async ValueTask TransformRequestAsync(
            HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
        {
            await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
            var peer = httpContext.Connection.RemoteIpAddress!.ToString();
            Set("X-Forwarded-For", string.Join(',', [.. httpContext.Request.Headers["X-Forwarded-For"], peer]));
            Set("X-Forwarded-Proto", httpContext.Request.Scheme);
            proxyRequest.Headers.Remove("X-Forwarded-Host");
            proxyRequest.Headers.Host = httpContext.Request.Host.Value;

            void Set(string name, string value)
            {
                proxyRequest.Headers.Remove(name);
                proxyRequest.Headers.TryAddWithoutValidation(name, value);
            }
        }
    }
}
