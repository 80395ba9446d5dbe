using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace SecureShop.SystemTests.Support;

/// <summary>Clients as the world has them: they trust the development CA and nothing else, and follow no redirects by themselves.</summary>
internal static class Trust
{
    private static int clients;

    /// <param name="authorityPath">The CA's certificate.</param>
    /// <param name="address">Where to.</param>
    /// <param name="from">
    /// The source address, one of its own where none is given: limits per address are as strict here as anywhere, and
    /// tests must not use up each other's. Loopback has many addresses on Linux; elsewhere they share one.
    /// </param>
    /// <param name="cookies">A browser's memory, where it has one.</param>
    /// <param name="watcher">Sees what passes, where somebody wants to know.</param>
    /// <param name="comesBack">Whether it asks again when it is told to (<see cref="ComingBack"/>); not where the refusal is what a test is about.</param>
    public static HttpClient Client(
        string authorityPath, Uri address, IPAddress? from = null, CookieContainer? cookies = null, DelegatingHandler? watcher = null, bool comesBack = true)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = cookies is not null,

            // A test that sends too much asks first: a refusal while it still sends would sometimes break the connection.
            Expect100ContinueTimeout = TimeSpan.FromSeconds(15),
            SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = Policy(authorityPath) },
        };
        from ??= OperatingSystem.IsLinux() ? NextAddress() : null;
        if (cookies is not null)
            handler.CookieContainer = cookies;
        if (from is not null)
            handler.ConnectCallback = (context, cancellation) => ConnectAsync(from, context.DnsEndPoint, cancellation);
        watcher?.InnerHandler = handler;
        HttpMessageHandler inner = (HttpMessageHandler?)watcher ?? handler;
        return new HttpClient(comesBack ? new ComingBack { InnerHandler = inner } : inner, disposeHandler: true) { BaseAddress = address, Timeout = TimeSpan.FromMinutes(2) };
    }

    public static X509ChainPolicy Policy(string authorityPath)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.ImportFromPemFile(authorityPath);
        return policy;
    }

    /// <summary>An address of loopback that no client has had yet.</summary>
    public static IPAddress NextAddress()
    {
        var number = Interlocked.Increment(ref clients);
        return new IPAddress([127, 2, (byte)(number / 250), (byte)(1 + (number % 250))]);
    }

    private static async ValueTask<Stream> ConnectAsync(IPAddress from, DnsEndPoint to, CancellationToken cancellation)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.Bind(new IPEndPoint(from, 0));
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, to.Port), cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
