using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace SecureShop.Testing;

/// <summary>The way to a server, cut at first: until it is mended, whoever comes is hung up on.</summary>
public sealed class CutLine : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<TcpClient, bool> callers = new();
    private readonly Task answering;
    private volatile int target;
    private volatile bool mended;

    /// <summary>A line to the server at a port of this machine.</summary>
    public CutLine(int target)
    {
        this.target = target;
        listener.Start();
        answering = AnswerAsync();
    }

    /// <summary>Where it begins.</summary>
    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>Lets callers through, to <paramref name="server"/> where it is another than before.</summary>
    public void Mend(int? server = null) => (target, mended) = (server ?? target, true);

    /// <summary>Ends all calls, and lets nobody through.</summary>
    public void Cut()
    {
        mended = false;
        foreach (var caller in callers.Keys)
            caller.Dispose();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        listener.Dispose();
        Cut();
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
        callers.TryAdd(caller, true);
        using (caller)
        using (var server = new TcpClient())
        {
            if (mended)
                await PassOnAsync(caller, server);
        }

        callers.TryRemove(caller, out _);
    }

    private async Task PassOnAsync(TcpClient caller, TcpClient server)
    {
        try
        {
            await server.ConnectAsync(IPAddress.Loopback, target);
            var (near, far) = (caller.GetStream(), server.GetStream());
            await Task.WhenAll(PassOnAsync(near, far), PassOnAsync(far, near));
        }
        catch (Exception cut) when (cut is IOException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // Either end is gone, which the other one learns by its connection's end.
        }
    }

    private static async Task PassOnAsync(NetworkStream from, NetworkStream to)
    {
        try
        {
            await from.CopyToAsync(to);
        }
        finally
        {
            to.Socket.Shutdown(SocketShutdown.Send);
        }
    }
}
