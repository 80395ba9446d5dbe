using System.Net;
using System.Net.Sockets;

namespace SecureShop.StandIns.AspireDashboard.Serving;

/// <summary>
/// A port on this machine's loopback addresses, of version 4 and, where it exists, version 6: who asks for localhost may
/// come by either, and must not meet another program there. Bound before the server starts, so that a free port that was
/// chosen stays free until then.
/// </summary>
internal sealed class LoopbackDoor : IDisposable
{
    private const int Tries = 20;

    private readonly Dictionary<IPEndPoint, Socket> _sockets;

    private LoopbackDoor(Dictionary<IPEndPoint, Socket> sockets)
    {
        _sockets = sockets;
        EndPoints = [.. sockets.Keys];
    }

    public IReadOnlyList<IPEndPoint> EndPoints { get; }

    public int Port => EndPoints[0].Port;

    /// <exception cref="IOException">The port is taken.</exception>
    public static LoopbackDoor Open(int port)
    {
        for (var attempt = 1; ; attempt++)
        {
            var sockets = new Dictionary<IPEndPoint, Socket>();
            try
            {
                var first = Bind(IPAddress.Loopback, port);
                sockets.Add((IPEndPoint)first.LocalEndPoint!, first);
                var taken = ((IPEndPoint)first.LocalEndPoint!).Port;
                if (Socket.OSSupportsIPv6)
                    AddIfThere(sockets, new(IPAddress.IPv6Loopback, taken));
                return new(sockets);
            }
            catch (SocketException problem)
            {
                foreach (var socket in sockets.Values)
                    socket.Dispose();
                // A free one of version 4 may be taken for version 6: another is tried.
                if (port == 0 && attempt < Tries)
                    continue;
                throw new IOException($"The dashboard cannot listen on port {port} of this machine: {problem.Message}", problem);
            }
        }
    }

    /// <summary>Hands a socket over; who takes it closes it.</summary>
    public Socket? Take(EndPoint endPoint) => endPoint is IPEndPoint address && _sockets.Remove(address, out var socket) ? socket : null;

    public void Dispose()
    {
        foreach (var socket in _sockets.Values)
            socket.Dispose();
        _sockets.Clear();
    }

    private static Socket Bind(IPAddress address, int port)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (OperatingSystem.IsWindows())
                socket.ExclusiveAddressUse = true;
            socket.Bind(new IPEndPoint(address, port));
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    // A kernel with version 6 and no address of it, as containers often have.
    private static void AddIfThere(Dictionary<IPEndPoint, Socket> sockets, IPEndPoint endPoint)
    {
        try
        {
            sockets.Add(endPoint, Bind(endPoint.Address, endPoint.Port));
        }
        catch (SocketException problem) when (problem.SocketErrorCode is SocketError.AddressNotAvailable or SocketError.AddressFamilyNotSupported)
        {
            // Version 4 alone, then.
        }
    }
}
