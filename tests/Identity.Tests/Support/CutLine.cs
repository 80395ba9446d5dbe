using System.Net;
using System.Net.Sockets;

namespace SecureShop.Identity.Tests.Support;

/// <summary>The way to a server, cut at first: until it is mended, whoever comes is hung up on.</summary>
internal sealed class CutLine : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly int target;
    private readonly Task answering;
    private volatile bool mended;

    public CutLine(int target)
    {
        this.target = target;
        listener.Start();
        answering = AnswerAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public void Mend() => mended = true;

    public async ValueTask DisposeAsync()
    {
        listener.Dispose();
        await answering;
    }

    private async Task AnswerAsync()
    {
        List<Task> calls = [];
        try
        {
            while (true)
                calls.Add(ConnectAsync(await listener.AcceptTcpClientAsync()));
        }
        catch (SocketException)
        {
            // Stopped: no more calls.
        }

        await Task.WhenAll(calls);
    }

    private async Task ConnectAsync(TcpClient caller)
    {
        using (caller)
        using (var server = new TcpClient())
        {
            if (!mended)
                return;
            await server.ConnectAsync(IPAddress.Loopback, target);
            var (near, far) = (caller.GetStream(), server.GetStream());
            await Task.WhenAll(PassOnAsync(near, far), PassOnAsync(far, near));
        }
    }

    private static async Task PassOnAsync(NetworkStream from, NetworkStream to)
    {
        await from.CopyToAsync(to);
        to.Socket.Shutdown(SocketShutdown.Send);
    }
}
