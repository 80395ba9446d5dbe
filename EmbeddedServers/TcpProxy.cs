using System.Buffers;
using System.Net;
using System.Net.Sockets;

namespace SecureShop.EmbeddedServers;

/// <summary>One loopback port in front of several replicas, taken in turn; TLS passes through untouched.</summary>
public sealed class TcpProxy : IAsyncDisposable
{
    private const int MaximumConnections = 1024;
    private const int BufferSize = 16 * 1024;
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(2);

    private readonly List<TcpListener> _listeners;
    private readonly Task _accepting;
    private readonly CancellationTokenSource _stop = new();
    private readonly CountdownEvent _open = new(1);

    // Beyond this many, newcomers wait in the kernel's backlog instead of in our memory.
    private readonly SemaphoreSlim _room = new(MaximumConnections);
    private uint _turn;

    private TcpProxy(List<TcpListener> listeners, IReadOnlyList<int> targets)
    {
        _listeners = listeners;
        Targets = targets;
        Port = ((IPEndPoint)listeners[0].LocalEndpoint).Port;
        _accepting = Task.WhenAll(listeners.Select(AcceptAsync));
    }

    /// <summary>The port it listens on, over IPv4 and (where the machine has it) IPv6.</summary>
    public int Port { get; }

    /// <summary>The loopback ports taken in turn; may change at any time.</summary>
    public IReadOnlyList<int> Targets { get; set; }

    /// <summary>Listens on a loopback port (0 for a free one).</summary>
    /// <exception cref="SetupException">The port is taken.</exception>
    public static TcpProxy Start(int port, IReadOnlyList<int> targets)
    {
        if (port == 0)
            port = LoopbackPort.Free();
        var listeners = new List<TcpListener>();
        try
        {
            foreach (var address in LoopbackPort.Addresses)
            {
                var listener = new TcpListener(address, port);
                listeners.Add(listener);
                listener.Start();
            }

            return new TcpProxy(listeners, targets);
        }
        catch (SocketException problem)
        {
            listeners.ForEach(listener => listener.Dispose());
            throw new SetupException($"Port {port} cannot be listened on: {problem.Message}. Stop the program that uses it.", problem);
        }
    }

    /// <summary>Stops listening and closes every connection.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested)
            return;
        await _stop.CancelAsync();
        await _accepting;
        _listeners.ForEach(listener => listener.Dispose());
        _open.Signal();
        await Task.Run(() => _open.Wait(ConnectTimeout));
        _open.Dispose();
        _room.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync(TcpListener listener)
    {
        try
        {
            while (true)
            {
                await _room.WaitAsync(_stop.Token);
                Socket client;
                try
                {
                    client = await listener.AcceptSocketAsync(_stop.Token);
                }
                catch (SocketException)
                {
                    // The client left before it was accepted, or descriptors ran out for the moment.
                    _room.Release();
                    await Task.Delay(10, _stop.Token);
                    continue;
                }

                _open.AddCount();
                _ = ServeAsync(client);
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
    }

    private async Task ServeAsync(Socket client)
    {
        try
        {
            using (client)
            {
                using var server = await ConnectAsync();
                if (server is null)
                    return;
                client.NoDelay = true;
                server.NoDelay = true;
                await Task.WhenAll(CopyAsync(client, server), CopyAsync(server, client));
            }
        }
        catch (Exception problem) when (problem is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // Either side reset the connection, or we stop: both sockets are closed by now.
        }
        finally
        {
            _room.Release();
            _open.Signal();
        }
    }

    /// <summary>The next target that accepts; null when none does.</summary>
    private async Task<Socket?> ConnectAsync()
    {
        var targets = Targets;
        var first = Interlocked.Increment(ref _turn);
        for (var i = 0; i < targets.Count; i++)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
            limit.CancelAfter(ConnectTimeout);
            try
            {
                await socket.ConnectAsync(IPAddress.Loopback, targets[(int)((first + i) % targets.Count)], limit.Token);
                return socket;
            }
            catch (Exception problem) when (problem is SocketException or OperationCanceledException)
            {
                socket.Dispose();
                _stop.Token.ThrowIfCancellationRequested();
            }
        }

        return null;
    }

    /// <summary>Copies one direction to its end and passes that end on; the other direction may go on.</summary>
    private async Task CopyAsync(Socket from, Socket to)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            int count;
            while ((count = await from.ReceiveAsync(buffer, _stop.Token)) > 0)
            {
                for (var sent = 0; sent < count;)
                    sent += await to.SendAsync(buffer.AsMemory(sent, count - sent), _stop.Token);
            }

            to.Shutdown(SocketShutdown.Send);
        }
        catch
        {
            // A broken direction breaks both, and by reset: the peer must not take half an answer for a whole one.
            from.Close(timeout: 0);
            to.Close(timeout: 0);
            throw;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
